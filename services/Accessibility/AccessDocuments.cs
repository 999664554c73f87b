using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Jietong.Routing;
using Jietong.Services.Cli;

namespace Jietong.Services.Accessibility;

/// <summary>Accessibility for programs: a document with everything, cells as GeoJSON points, or cells as CSV.</summary>
internal static class AccessDocuments
{
    private const int Median = AccessAnswer.Median;

    public static async Task WriteJson(Stream to, AccessAnswer answer, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(to, Output.Json);
        json.WriteStartObject();
        WriteAbout(json, answer);
        json.WriteStartArray("limits");
        for (var limit = 0; limit < answer.Request.Minutes.Count; limit++)
        {
            json.WriteStartObject();
            json.WriteNumber("minutes", answer.Request.Minutes[limit]);
            if (answer.Times is null)
            {
                WriteMeans(json, answer, limit, "mean", c => c.Before);
                json.WriteNumber("meanShare", Rounded(answer.Mean(limit, c => c.Before[Median]) / answer.AllOpportunities, 6));
                WriteQuantiles(json, answer, limit, "byPeople", c => c.Before[Median]);
            }
            else WriteValues(json, "reached", answer.ByLimit[limit][answer.Input.CellNamed(answer.Request.From!)].Before);
            if (answer.Request.Without.Count > 0) WriteWithout(json, answer, limit);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray(answer.Times is null ? "cells" : "times");
        foreach (var row in Rows(answer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in row) WriteMember(json, name, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (answer.Request.Without.Count > 0 && answer.Times is null) WritePairs(json, answer);
        json.WriteEndObject();
        await json.FlushAsync(cancel);
        to.WriteByte((byte)'\n');
    }

    private static void WriteAbout(Utf8JsonWriter json, AccessAnswer answer)
    {
        var (request, input) = (answer.Request, answer.Input);
        foreach (var (name, value) in new (string, object?)[]
        {
            ("opportunities", input.Opportunities.Column), ("weights", input.Opportunities.Weights), ("allOpportunities", answer.AllOpportunities), ("cellCount", input.Cells.Count), ("date", input.Timetable.Day), ("dateWasChosen", input.Timetable.DayWasChosen),
            ("departuresFrom", AccessRequest.Clock(request.FromMinute)), ("departuresBefore", AccessRequest.Clock(request.ToMinute)), ("departureCount", request.DepartureCount), ("maxWalkMinutes", request.MaxWalkMinutes), ("from", request.From),
            ("sketch", answer.IsSketch), ("estimate", answer.IsEstimate), ("dataVersion", input.Version.ToString()),
        }) WriteMember(json, name, value);
        json.WriteStartArray("without");
        foreach (var name in request.Without) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("feeds");
        for (var i = 0; i < input.Timetable.Feeds.Count; i++)
        {
            var feed = input.Timetable.Feeds[i];
            json.WriteStartObject();
            foreach (var (name, value) in new (string, object?)[] { ("dataset", feed.Dataset), ("title", feed.Title), ("feedVersion", feed.Version), ("published", feed.Published), ("timezone", feed.Timezone), ("firstDay", feed.First), ("lastDay", feed.Last), ("tripsOnDay", input.Timetable.TripsToday[i]), ("hours", answer.Hours[i].ToString()), ("runsThen", answer.Hours[i].RunsInWindow) })
                WriteMember(json, name, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("assumptions");
        foreach (var note in AccessNotes.Of(answer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in new[] { ("id", note.Id), ("zh", note.Zh), ("en", note.En), ("source", note.Source) }) json.WriteString(name, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteWithout(Utf8JsonWriter json, AccessAnswer answer, int limit)
    {
        json.WriteStartObject("afterRemoval");
        if (answer.Times is not null) WriteValues(json, "reached", answer.ByLimit[limit][answer.Input.CellNamed(answer.Request.From!)].After!);
        else
        {
            WriteMeans(json, answer, limit, "mean", c => c.After!);
            var (before, after) = (answer.Mean(limit, c => c.Before[Median]), answer.Mean(limit, c => c.After![Median]));
            json.WriteNumber("difference", Rounded(after - before, 3));
            json.WriteNumber("shareLost", before == 0 ? 0 : Rounded((before - after) / before, 6));
            json.WriteNumber("cellsLosing", answer.CellsLosing(limit));
            json.WriteNumber("weightShareLosing", Rounded(answer.ShareLosing(limit), 6));
        }
        json.WriteEndObject();
    }

    private static void WritePairs(Utf8JsonWriter json, AccessAnswer answer)
    {
        json.WriteStartArray("pairsLosingMost");
        foreach (var pair in answer.LostPairs)
        {
            json.WriteStartObject();
            foreach (var (name, value) in new (string, object?)[] { ("from", answer.Input.Cells[pair.From].Id), ("to", answer.Input.Cells[pair.To].Id), ("minutesBefore", Minutes(pair.BeforeMs)), ("minutesAfter", Minutes(pair.AfterMs)) }) WriteMember(json, name, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteMeans(Utf8JsonWriter json, AccessAnswer answer, int limit, string name, Func<CellAccess, double[]> of) => WriteValues(json, name, [.. AccessAnswer.Percentiles.Select((_, p) => answer.Mean(limit, c => of(c)[p]))]);

    /// <summary>By percentile of the travel times.</summary>
    private static void WriteValues(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartObject(name);
        for (var p = 0; p < values.Length; p++) json.WriteNumber($"p{AccessAnswer.Percentiles[p]}", Rounded(values[p], 3));
        json.WriteEndObject();
    }

    private static void WriteQuantiles(Utf8JsonWriter json, AccessAnswer answer, int limit, string name, Func<CellAccess, double> of)
    {
        json.WriteStartObject(name);
        foreach (var percent in AccessAnswer.Quantiles) json.WriteNumber($"p{percent}", Rounded(answer.Quantile(limit, percent, of), 3));
        json.WriteEndObject();
    }

    /// <summary>A row for each cell: what it reaches, or how long it takes to get there.</summary>
    private static IEnumerable<List<(string Name, object? Value)>> Rows(AccessAnswer answer)
    {
        var (cells, hasAfter) = (answer.Input.Cells, answer.Request.Without.Count > 0);
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = cells[i];
            List<(string, object?)> row = [("id", cell.Id), ("dataset", cell.Dataset), ("longitude", cell.Longitude), ("latitude", cell.Latitude), ("weight", cell.Weight), ("opportunities", cell.Opportunities)];
            if (answer.Times is { } times)
                for (var p = 0; p < AccessAnswer.Percentiles.Count; p++)
                {
                    row.Add(($"minutesP{AccessAnswer.Percentiles[p]}", Minutes(times[i].Before[p])));
                    if (hasAfter) row.Add(($"minutesAfterP{AccessAnswer.Percentiles[p]}", Minutes(times[i].After![p])));
                }
            else
                for (var limit = 0; limit < answer.Request.Minutes.Count; limit++)
                {
                    var (minutes, access) = (answer.Request.Minutes[limit], answer.ByLimit[limit][i]);
                    for (var p = 0; p < AccessAnswer.Percentiles.Count; p++) row.Add(($"within{minutes}P{AccessAnswer.Percentiles[p]}", access.Before[p]));
                    if (hasAfter) row.AddRange([($"within{minutes}After", access.After![Median]), ($"within{minutes}Difference", access.After[Median] - access.Before[Median])]);
                }
            yield return row;
        }
    }

    public static async Task WriteGeoJson(Stream to, AccessAnswer answer, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(to, Output.Json with { Indented = false });
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("name", "access");
        WriteAbout(json, answer);
        json.WriteStartArray("features");
        foreach (var (row, i) in Rows(answer).Select((r, i) => (r, i)))
        {
            json.WriteStartObject();
            json.WriteString("type", "Feature");
            json.WriteString("id", $"{answer.Input.Cells[i].Dataset}.{answer.Input.Cells[i].Id}");
            json.WriteStartObject("geometry");
            json.WriteString("type", "Point");
            json.WriteStartArray("coordinates");
            json.WriteNumberValue(Rounded(answer.Input.Cells[i].Longitude, 7));
            json.WriteNumberValue(Rounded(answer.Input.Cells[i].Latitude, 7));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartObject("properties");
            foreach (var (name, value) in row) WriteMember(json, name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancel);
        to.WriteByte((byte)'\n');
    }

    public static async Task WriteCsv(Stream to, AccessAnswer answer, CancellationToken cancel)
    {
        await using var csv = CsvWriter.Create(to, Output.CsvForExcel, leaveOpen: true);
        foreach (var (row, i) in Rows(answer).Select((r, i) => (r, i)))
        {
            if (i == 0) csv.WriteHeader([.. row.Select(c => c.Name)]);
            foreach (var (_, value) in row) csv.WriteField(value is double number ? number.ToString(CultureInfo.InvariantCulture) : value);
            csv.EndRecord();
        }
        await csv.FlushAsync(cancel);
    }

    private static void WriteMember(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case bool flag: json.WriteBoolean(name, flag); break;
            case int number: json.WriteNumber(name, number); break;
            case double number: json.WriteNumber(name, Rounded(number, 7)); break;
            case DateOnly day: json.WriteString(name, day.ToString("O", CultureInfo.InvariantCulture)); break;
            default: json.WriteString(name, value.ToString()); break;
        }
    }

    private static double? Minutes(int ms) => ms >= Network.Unreachable ? null : Math.Round(ms / 60_000.0, 4);

    private static decimal Rounded(double value, int decimals) => Math.Round((decimal)value, decimals);
}
