namespace Jietong.Geodata.Imports.Gtfs;

internal sealed partial class FeedReader
{
    private const int Platform = 0, Station = 1, Entrance = 2, Node = 3, BoardingArea = 4;

    /// <summary>A stop is far from the others when it lies farther from their middle than this, and than so many times as far as half of them.</summary>
    private const double FarMetres = 200_000, FarTimes = 20;

    private Action ReadStop(FeedTable table)
    {
        int id = table.Column("stop_id"), code = table.Column("stop_code"), name = table.Column("stop_name"), latitude = table.Column("stop_lat"), longitude = table.Column("stop_lon"), type = table.Column("location_type"),
            parent = table.Column("parent_station"), wheelchair = table.Column("wheelchair_boarding"), platform = table.Column("platform_code");
        return () =>
        {
            var stop = new Stop(table.TextOf(id), table.Text(code), table.Text(name), table.Code(type, BoardingArea), table.Text(parent), table.Code(wheelchair, 2), table.Text(platform), table.Number(longitude, -180, 180), table.Number(latitude, -90, 90));
            if (stop.Type <= Entrance && table.IsRowGood)
            {
                if (stop.Name is null) table.Problem("stop_name", "", "it is empty.", "The standard requires it of stops, stations and entrances.");
                if (stop.Longitude is null || stop.Latitude is null) table.Problem(stop.Latitude is null ? "stop_lat" : "stop_lon", "", "it is empty.", "The standard requires a position of stops, stations and entrances.");
                else if (Math.Abs(stop.Longitude.Value) < 0.01 && Math.Abs(stop.Latitude.Value) < 0.01 && !Accepted("null island"))
                    table.Problem("stop_lat", FormattableString.Invariant($"{stop.Latitude}, {stop.Longitude}"), "this is 0° N 0° E, in the Gulf of Guinea: the position is not known.", "Fill it in, or go on with --accept-positions.");
            }
            if (stop.Id != "") Feed.Stops.Add(table, "stop_id", stop.Id, stop);
        };
    }

    private bool Accepted(string what)
    {
        if (context.Request.AcceptPositions) Feed.Count(what);
        return context.Request.AcceptPositions;
    }

    private void CheckStops(FeedTable table)
    {
        var stops = Feed.Stops;
        for (var i = 0; i < stops.Rows.Count; i++)
        {
            var stop = stops.Rows[i];
            if (stop.Parent is null)
            {
                if (stop.Type >= Entrance) table.Problem("parent_station", "", $"it is empty, and the standard requires it where location_type is {stop.Type}.", "Name the station that it belongs to.", stops.LineOf(i));
            }
            else if (stops.Find(stop.Parent) is not { } parent) table.Problem("parent_station", stop.Parent, "stops.txt has no such station.", "Add it, or mend the id.", stops.LineOf(i));
            else if (stop.Type == Station || parent.Type != (stop.Type == BoardingArea ? Platform : Station))
                table.Problem("parent_station", stop.Parent, stop.Type == Station ? "a station cannot have one." : $"its location_type is {parent.Type}, not {(stop.Type == BoardingArea ? "0, a platform" : "1, a station")}.", "Mend one of the two.", stops.LineOf(i));
        }
        CheckFarStops(table);
    }

    private void CheckFarStops(FeedTable table)
    {
        var placed = Feed.Stops.Rows.Where(s => s.Longitude is not null && s.Latitude is not null && (s.Longitude != 0 || s.Latitude != 0)).ToList();
        if (placed.Count < 5) return;
        double Middle(IEnumerable<double> values) => values.Order().ElementAt(placed.Count / 2);
        var (longitude, latitude) = (Middle(placed.Select(s => s.Longitude!.Value)), Middle(placed.Select(s => s.Latitude!.Value)));
        double Away(double x, double y) => GreatCircle.Metres(longitude, latitude, x, y);
        var limit = Math.Max(FarMetres, FarTimes * Middle(placed.Select(s => Away(s.Longitude!.Value, s.Latitude!.Value))));
        foreach (var stop in placed)
        {
            var away = Away(stop.Longitude!.Value, stop.Latitude!.Value);
            if (away <= limit || Accepted("far stops")) continue;
            table.Problem("stop_lat", FormattableString.Invariant($"{stop.Latitude}, {stop.Longitude}"), FormattableString.Invariant($"stop {stop.Id} lies {away / 1000:N0} km from the middle of the feed ({latitude:0.###}, {longitude:0.###}), where half of the stops are within {limit / FarTimes / 1000:N0} km."),
                Math.Abs(stop.Longitude.Value) <= 90 && Away(stop.Latitude.Value, stop.Longitude.Value) <= limit ? "Latitude and longitude seem to be exchanged." : "Mend it, or go on with --accept-positions.", Feed.Stops.LineOf(Feed.Stops.NumberOf(stop.Id)));
        }
    }
}
