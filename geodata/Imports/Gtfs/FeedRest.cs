namespace Jietong.Geodata.Imports.Gtfs;

internal sealed partial class FeedReader
{
    /// <summary>Calls of trips that run every so often, each time that they run in a day, all together.</summary>
    private const long MostFrequencyCalls = 50_000_000;

    private const int NotPossible = 3, InSeat = 4, NotInSeat = 5;

    private static readonly string[] Ends = ["from_stop_id", "to_stop_id", "from_route_id", "to_route_id", "from_trip_id", "to_trip_id"];

    private readonly Dictionary<string, int> shapeNumbers = [];
    private readonly List<(int Shape, int Sequence, int Line, double Longitude, double Latitude)> shapePoints = [];

    private Action ReadFrequency(FeedTable table)
    {
        int trip = table.Column("trip_id"), start = table.Column("start_time"), end = table.Column("end_time"), headway = table.Column("headway_secs"), exact = table.Column("exact_times");
        var expanded = 0L;
        return () =>
        {
            var (id, every, isExact) = (table.TextOf(trip), table.TextOf(headway) == "" ? null : table.Whole(headway, 1, 86_400, "a headway in seconds"), table.Code(exact, 1) == 1);
            var (from, to) = (table.TextOf(start) == "" ? null : table.Time(start), table.TextOf(end) == "" ? null : table.Time(end));
            var number = Feed.Trips.NumberOf(id);
            if (id != "" && number < 0) table.Problem("trip_id", id, "trips.txt has no such trip.", "Add it there, or mend the id.");
            if (from >= to) table.Problem("end_time", table.Text(end), $"it is not after start_time, {table.Text(start)}.", "Write when the last may leave, past 24 after midnight.");
            if (number >= 0 && Feed.FirstCalls[number] < Feed.FirstCalls[number + 1] && to + Feed.Calls[Feed.FirstCalls[number + 1] - 1].Arrival - Feed.Calls[Feed.FirstCalls[number]].Departure >= 144 * 3600)
                table.Problem("end_time", table.Text(end), "a trip that leaves then arrives after 144 hours.", "Times of a service day end there.");
            if (!table.IsRowGood) return;
            expanded += ((to!.Value - from!.Value) / every!.Value + 1L) * (Feed.FirstCalls[number + 1] - Feed.FirstCalls[number]);
            if (expanded > MostFrequencyCalls) table.Problem("headway_secs", $"{every}", $"up to here trips would call {expanded:N0} times a day, at most {MostFrequencyCalls:N0} are read.", "Is the headway in seconds? Else split the feed.");
            Feed.Frequencies.Add(table, "start_time", (id, from.Value), new(id, from.Value, to.Value, every.Value, isExact));
        };
    }

    private void CheckFrequencies(FeedTable table)
    {
        foreach (var trip in Feed.Frequencies.Rows.Select((row, number) => (row, number)).GroupBy(f => f.row.Trip))
            foreach (var (before, next) in trip.OrderBy(f => f.row.Start).Zip(trip.OrderBy(f => f.row.Start).Skip(1)))
                if (next.row.Start < before.row.End)
                    table.Problem("start_time", Clock(next.row.Start), $"trip {trip.Key} runs every {before.row.Headway} s until {Clock(before.row.End)}, by line {Feed.Frequencies.LineOf(before.number)}.", "Periods of a trip cannot overlap.", Feed.Frequencies.LineOf(next.number));
    }

    private Action ReadTransfer(FeedTable table)
    {
        var columns = Ends.Select(table.Column).ToArray();
        int type = table.Column("transfer_type"), least = table.Column("min_transfer_time");
        return () =>
        {
            string Id(int i, Func<string, bool> has, string where)
            {
                if (table.Text(columns[i]) is not { } id) return "";
                if (!has(id)) table.Problem(Ends[i], id, $"{where} has no such id.", "Add it there, or mend the id.");
                return id;
            }
            var kind = table.Code(type, NotInSeat);
            var transfer = new Transfer(Id(0, Feed.Stops.Has, Stops), Id(1, Feed.Stops.Has, Stops), Id(2, Feed.Routes.Has, Routes), Id(3, Feed.Routes.Has, Routes), Id(4, Feed.Trips.Has, Trips), Id(5, Feed.Trips.Has, Trips), kind, table.Whole(least, 0, 86_400, "seconds"));
            if (kind <= NotPossible && (transfer.FromStop == "" || transfer.ToStop == "")) table.Problem(transfer.FromStop == "" ? "from_stop_id" : "to_stop_id", "", $"it is empty, and the standard requires it where transfer_type is {kind}.", "Name the stop.");
            if (kind == 2 && transfer.Seconds is null && table.Text(least) is null) table.Problem("min_transfer_time", "", "it is empty, and transfer_type 2 means that so much time is needed.", "Write it in seconds, or another transfer_type.");
            if (kind is InSeat or NotInSeat) Feed.Count("in-seat transfers");
            else if (transfer.FromRoute + transfer.ToRoute + transfer.FromTrip + transfer.ToTrip != "") Feed.Count("narrow transfers");
            Feed.Transfers.Add(table, "from_stop_id", (transfer.FromStop, transfer.ToStop, transfer.FromRoute, transfer.ToRoute, transfer.FromTrip, transfer.ToTrip), transfer);
        };
    }

    private Action ReadShapePoint(FeedTable table)
    {
        int id = table.Column("shape_id"), latitude = table.Column("shape_pt_lat"), longitude = table.Column("shape_pt_lon"), sequence = table.Column("shape_pt_sequence");
        var (text, number) = ("", -1);
        return () =>
        {
            var shape = table.TextOf(id);
            if (shape != text)
            {
                if (!shapeNumbers.TryGetValue(shape, out number)) shapeNumbers.Add(shape, number = shapeNumbers.Count);
                text = shape;
            }
            foreach (var column in (ReadOnlySpan<int>)[latitude, longitude, sequence]) table.TextOf(column);
            var (y, x, at) = (table.Number(latitude, -90, 90), table.Number(longitude, -180, 180), table.Whole(sequence, 0, int.MaxValue, "a whole number"));
            if (table.IsRowGood) shapePoints.Add((number, at!.Value, table.Line, x!.Value, y!.Value));
        };
    }

    private void DrawShapes(FeedTable table)
    {
        shapePoints.Sort((a, b) => a.Shape != b.Shape ? a.Shape.CompareTo(b.Shape) : a.Sequence != b.Sequence ? a.Sequence.CompareTo(b.Sequence) : a.Line.CompareTo(b.Line));
        foreach (var (id, number) in shapeNumbers) Feed.Shapes.Add(id, []);
        var ids = shapeNumbers.Keys.ToArray();
        for (var (first, next) = (0, 0); first < shapePoints.Count; first = next)
        {
            while (next < shapePoints.Count && shapePoints[next].Shape == shapePoints[first].Shape) next++;
            Feed.Shapes[ids[shapePoints[first].Shape]] = [.. shapePoints[first..next].Select(p => (p.Longitude, p.Latitude))];
        }
        Feed.Count("points as shapes", Feed.Shapes.Values.Count(s => s.Length < 2));
        shapePoints.Clear();
        shapePoints.TrimExcess();
    }
}
