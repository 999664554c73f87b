using CsvHelper;

namespace Jietong.Services.Reports;

/// <summary>The pairs of a report as a table for a spreadsheet; each row carries the report's hash, by which it belongs to its page.</summary>
internal static class ReportCsv
{
    public static string Write(Report report)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { Injection = CsvInjection.Escape }))
        {
            csv.WriteHeader(["group", "from", "fromZh", "fromEn", "to", "toZh", "toEn", "minutesBefore", "minutesAfter", "savedMinutes", "asOf", "mode", "weights", "dataVersion", "reportHash"]);
            foreach (var (group, pair) in report.Results.Asked.Select(p => ("asked", p)).Concat(report.Results.MostChanged.Select(p => ("most changed", p))))
            {
                foreach (var field in (object?[])[group, pair.From, pair.FromZh, pair.FromEn, pair.To, pair.ToZh, pair.ToEn, pair.MinutesBefore, pair.MinutesAfter, ReportResults.Rounded(pair.MinutesBefore - pair.MinutesAfter),
                    report.Request.AsOf.ToString("O", System.Globalization.CultureInfo.InvariantCulture), report.Request.Mode, report.Request.Weights, report.DataVersion, report.Hash]) csv.WriteField(field);
                csv.EndRecord();
            }
        }
        return text.ToString();
    }
}
