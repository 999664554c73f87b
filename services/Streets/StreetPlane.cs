namespace Jietong.Services.Streets;

/// <summary>Metres about a position, for distances of a few kilometres: on the sphere of <see cref="Model.Earth"/>, laid flat there.</summary>
internal readonly struct StreetPlane
{
    private readonly double longitude, latitude, metresEast, metresNorth;

    public StreetPlane(double longitude, double latitude)
    {
        (this.longitude, this.latitude) = (longitude, latitude);
        metresNorth = Model.Earth.Metres(longitude, latitude - 0.05, longitude, latitude + 0.05) / 0.1;
        metresEast = metresNorth * Math.Cos(latitude * Math.PI / 180);
    }

    /// <summary>So many metres, as degrees of longitude and of latitude.</summary>
    public (double East, double North) Degrees(double metres) => (metres / metresEast, metres / metresNorth);

    public (double X, double Y) Of(double x, double y) => ((x - longitude) * metresEast, (y - latitude) * metresNorth);

    /// <summary>Where a line comes nearest to the position.</summary>
    public StreetPosition Nearest(int street, ReadOnlySpan<double> line)
    {
        var (best, along, bestAlong, length, at) = (double.MaxValue, 0.0, 0.0, 0.0, (X: line[0], Y: line[1]));
        for (var i = 0; i + 3 < line.Length; i += 2)
        {
            var (ax, ay) = Of(line[i], line[i + 1]);
            var (bx, by) = Of(line[i + 2], line[i + 3]);
            var (dx, dy) = (bx - ax, by - ay);
            var squared = dx * dx + dy * dy;
            var share = squared == 0 ? 0 : Math.Clamp(-(ax * dx + ay * dy) / squared, 0, 1);
            var (x, y) = (ax + share * dx, ay + share * dy);
            var piece = Math.Sqrt(squared);
            if (x * x + y * y < best)
                (best, bestAlong, at) = (x * x + y * y, along + share * piece, (line[i] + share * (line[i + 2] - line[i]), line[i + 1] + share * (line[i + 3] - line[i + 1])));
            along += piece;
            length = along;
        }
        return new(street, length == 0 ? 0 : bestAlong / length, at.X, at.Y, Math.Sqrt(best));
    }
}
