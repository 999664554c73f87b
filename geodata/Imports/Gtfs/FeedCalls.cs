namespace Jietong.Geodata.Imports.Gtfs;

internal sealed partial class FeedReader
{
    private static readonly string[] Flexible = ["location_id", "location_group_id", "start_pickup_drop_off_window"];

    private readonly List<Call> calls = [];

    private Action ReadCall(FeedTable table)
    {
        int trip = table.Column("trip_id"), stop = table.Column("stop_id"), sequence = table.Column("stop_sequence"), arrival = table.Column("arrival_time"), departure = table.Column("departure_time"), timepoint = table.Column("timepoint"),
            pickUp = table.Column("pickup_type"), dropOff = table.Column("drop_off_type"), distance = table.Column("shape_dist_traveled");
        var isFlexible = Flexible.Select(table.Column).ToArray();
        var (tripText, tripNumber) = ("", -1);   // rows of a trip mostly stand together
        if (!isFlexible.Any(c => c >= 0)) table.Required("stop_id");
        return () =>
        {
            var (tripId, stopId) = (table.TextOf(trip), table.Text(stop));
            if (isFlexible.Any(c => table.Text(c) is not null))
            {
                Feed.Count("flexible");
                return;
            }
            if (tripId != tripText) (tripText, tripNumber) = (tripId, Feed.Trips.NumberOf(tripId));
            if (tripNumber < 0 && tripId != "") table.Problem("trip_id", tripId, "trips.txt has no such trip.", "Add it there, or mend the id.");
            var at = stopId is null ? -1 : Feed.Stops.NumberOf(stopId);
            if (stopId is null) table.TextOf(stop);
            else if (at < 0) table.Problem("stop_id", stopId, "stops.txt has no such stop.", "Add it there, or mend the id.");
            else if (Feed.Stops.Rows[at].Type != Platform) table.Problem("stop_id", stopId, $"its location_type is {Feed.Stops.Rows[at].Type}: vehicles call at stops and platforms, 0.", "Name the platform.");
            var call = new Call
            {
                Trip = tripNumber, Stop = at, Line = table.Line, Sequence = table.TextOf(sequence) == "" ? 0 : table.Whole(sequence, 0, int.MaxValue, "a whole number") ?? 0, Arrival = table.Time(arrival) ?? Call.Missing, Departure = table.Time(departure) ?? Call.Missing,
                PickUp = (byte)table.Code(pickUp, 3), DropOff = (byte)table.Code(dropOff, 3), Distance = (float)(table.Number(distance, 0, float.MaxValue) ?? float.NaN),
            };
            if (table.Text(timepoint) == "1" && call.Arrival < 0 && call.Departure < 0) table.Problem("arrival_time", "", "it is empty, and timepoint says that it is exact.", "Fill it in, or write 0 for timepoint.");
            if (call.Arrival < 0 != call.Departure < 0 && table.IsRowGood)
            {
                Feed.Count("one time");
                (call.Arrival, call.Departure) = (Math.Max(call.Arrival, call.Departure), Math.Max(call.Arrival, call.Departure));
            }
            if (call.Departure < call.Arrival) table.Problem("departure_time", table.Text(departure), $"it is before arrival_time, {table.Text(arrival)}.", "A vehicle leaves when it has come: mend one of the two.");
            if (table.IsRowGood) calls.Add(call);
        };
    }

    /// <summary>Rows may stand in any order: they are put in that of their trips, checked trip by trip, and missing times are filled in.</summary>
    private void CheckCalls(FeedTable table)
    {
        var (first, trips) = (new int[Feed.Trips.Rows.Count + 1], Feed.Trips.Rows.Count);
        foreach (var call in calls) first[call.Trip + 1]++;
        for (var i = 0; i < trips; i++) first[i + 1] += first[i];
        var (sorted, next) = (new Call[calls.Count], first[..^1]);
        foreach (var call in calls) sorted[next[call.Trip]++] = call;
        calls.Clear();
        calls.TrimExcess();
        var kept = 0;
        for (var trip = 0; trip < trips; trip++)
        {
            var own = sorted.AsSpan(first[trip]..first[trip + 1]);
            own.Sort((a, b) => a.Sequence != b.Sequence ? a.Sequence.CompareTo(b.Sequence) : a.Line.CompareTo(b.Line));
            own = own[..WithoutRepeated(table, own)];
            if (own.Length < 2) Feed.Count("trips without rides");
            if (own.Length > 0) CheckTimes(table, trip, own);
            own.CopyTo(sorted.AsSpan(kept));
            first[trip] = kept;
            kept += own.Length;
        }
        first[trips] = kept;
        (Feed.Calls, Feed.FirstCalls) = (kept == sorted.Length ? sorted : sorted[..kept], first);
    }

    private int WithoutRepeated(FeedTable table, Span<Call> own)
    {
        var count = 0;
        foreach (var call in own)
        {
            if (count > 0 && own[count - 1] is var before && before.Sequence == call.Sequence)
            {
                if ((before.Stop, before.Arrival, before.Departure, before.PickUp, before.DropOff) == (call.Stop, call.Arrival, call.Departure, call.PickUp, call.DropOff)) Feed.Count("repeated calls");
                else table.Problem("stop_sequence", $"{call.Sequence}", $"trip {Feed.Trips.Rows[call.Trip].Id} has it already, in line {before.Line}.", "Number the calls of a trip in their order, each once.", call.Line);
                continue;
            }
            own[count++] = call;
        }
        return count;
    }

    private void CheckTimes(FeedTable table, int trip, Span<Call> own)
    {
        foreach (var end in new[] { 0, own.Length - 1 })
            if (own[end].Arrival < 0) table.Problem("arrival_time", "", $"it is empty at the {(end == 0 ? "first" : "last")} call of trip {Feed.Trips.Rows[trip].Id}.", "The standard requires a time there.", own[end].Line);
        if (own[0].Arrival < 0 || own[^1].Arrival < 0) return;
        var known = 0;
        for (var i = 1; i < own.Length; i++)
        {
            if (own[i].Arrival < 0) continue;
            if (own[i].Arrival < own[known].Departure) table.Problem("arrival_time", Clock(own[i].Arrival), $"trip {Feed.Trips.Rows[trip].Id} leaves the call before, line {own[known].Line}, at {Clock(own[known].Departure)}.", "Times along a trip cannot go back; after midnight hours go on past 24.", own[i].Line);
            else Interpolate(own[known..(i + 1)]);
            known = i;
        }
    }

    /// <summary>Between two calls with times the others get theirs by shape_dist_traveled where all have it, else by straight lines from stop to stop; where all are at one place, evenly.</summary>
    private void Interpolate(Span<Call> between)
    {
        if (between.Length < 3) return;
        Span<double> along = between.Length <= 256 ? stackalloc double[between.Length] : new double[between.Length];
        for (var i = 1; i < along.Length; i++) along[i] = along[i - 1] + (between[i].Distance - between[i - 1].Distance is var more && more >= 0 ? more : double.NaN);
        if (!(along[^1] > 0))
            for (var i = 1; i < along.Length; i++)
            {
                var (from, to) = (Feed.Stops.Rows[between[i - 1].Stop], Feed.Stops.Rows[between[i].Stop]);
                along[i] = along[i - 1] + GreatCircle.Metres(from.Longitude ?? 0, from.Latitude ?? 0, to.Longitude ?? 0, to.Latitude ?? 0);
            }
        if (!(along[^1] > 0))
            for (var i = 1; i < along.Length; i++) along[i] = i;
        var (start, runs) = (between[0].Departure, between[^1].Arrival - between[0].Departure);
        for (var i = 1; i < along.Length - 1; i++)
        {
            between[i].Arrival = between[i].Departure = start + (int)(runs * (along[i] / along[^1]));
            between[i].Interpolated = true;
        }
        Feed.Count("interpolated", between.Length - 2);
    }

    private static string Clock(int seconds) => FormattableString.Invariant($"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
}
