namespace Jietong.Geodata.Query;

/// <summary>A square of the world in Web Mercator (EPSG:3857): 2^zoom rows, counted from the north, by as many columns, counted from the antimeridian.</summary>
public readonly record struct Tile(int Zoom, int Row, int Column)
{
    /// <summary>Into how many steps the side is divided, and how many of them features may stick out.</summary>
    public const int Extent = 4096, Buffer = 64;

    /// <summary>Half the circumference of the Earth, metres, on the sphere that Web Mercator takes it for.</summary>
    public const double HalfWorldMetres = Math.PI * 6378137;

    private const int PixelsOfASide = 512;   // as MapLibre and QGIS draw a tile at its own zoom

    public double PixelMetres => 2 * HalfWorldMetres / (1L << Zoom) / PixelsOfASide;
    public double PixelDegrees => 360.0 / (1L << Zoom) / PixelsOfASide;

    /// <summary>West, south, east and north in degrees, with the rim. PostGIS's own envelope, turned into degrees, would begin beyond the antimeridian and so end on the wrong side.</summary>
    internal double[] Box
    {
        get
        {
            var (tiles, rim) = (1L << Zoom, (double)Buffer / Extent);
            double Longitude(double column) => Math.Clamp(column / tiles * 360 - 180, -180, 180);
            double Latitude(double row) => Math.Atan(Math.Sinh(Math.PI * (1 - 2 * Math.Clamp(row / tiles, 0, 1)))) * 180 / Math.PI;
            return [Longitude(Column - rim), Latitude(Row + 1 + rim), Longitude(Column + 1 + rim), Latitude(Row - rim)];
        }
    }
}

/// <summary>What of a layer goes into a tile: the rows, in their order up to their limit, and the columns that <see cref="Query.Select"/> names.</summary>
/// <param name="Name">What the layer is called in the tile.</param>
/// <param name="Query">The rows, which it limits.</param>
/// <param name="WithoutTiny">Whether lines smaller than a pixel are left out.</param>
public sealed record TileLayer(string Name, Query Query, bool WithoutTiny = false)
{
    /// <summary>From this zoom on lines come as they are; below, vertices go that lie within half a pixel of the line without them.</summary>
    public const int WholeFromZoom = 14;
}

/// <summary>Tiles (Mapbox Vector Tile 2.1): the part of the writer that knows them.</summary>
public sealed partial class SqlWriter
{
    /// <summary>One row: the number and the content hash of the data version, and for each layer its piece of the tile, how many rows are in it, and how many there are in the tile's square.</summary>
    public static SqlStatement TileOf(IReadOnlyList<TileLayer> layers, Tile tile)
    {
        var writer = new SqlWriter();
        writer.sql.Append("select v.number, v.content_hash").AppendJoin("", layers.Select((_, i) => $", l{i}.*")).Append(" from data_version v");
        var (box, square) = (string.Join(", ", tile.Box.Select(b => writer.Parameter(b))), $"{writer.Parameter(tile.Zoom)}, {writer.Parameter(tile.Column)}, {writer.Parameter(tile.Row)}");
        foreach (var (i, layer) in layers.Index())
        {
            writer.sql.Append(" cross join (");
            writer.WriteTileLayer(layer, tile, box, square);
            writer.sql.Append($") l{i}");
        }
        return writer.Statement([]);
    }

    private void WriteTileLayer(TileLayer layer, Tile tile, string box, string square)
    {
        var (query, geometry) = (layer.Query, layer.Query.Layer.Geometry!.SqlFor("t0"));
        var isLine = query.Layer.GeometryType!.EndsWith("LineString", StringComparison.Ordinal);
        var inTile = $"{geometry} && ST_MakeEnvelope({box}, 4326)";
        if (layer.WithoutTiny && Parameter(tile.PixelDegrees) is var pixel)
            inTile += $" and (ST_XMax({geometry}) - ST_XMin({geometry}) >= {pixel} or ST_YMax({geometry}) - ST_YMin({geometry}) >= {pixel})";
        var shape = $"ST_Transform({geometry}, 3857)";
        if (isLine && tile.Zoom < TileLayer.WholeFromZoom) shape = $"ST_Simplify({shape}, {Parameter(tile.PixelMetres / 2)}, true)";
        sql.Append("with f as (select ");
        foreach (var column in Wanted(query).Where(c => c.Type != ColumnType.Geometry)) sql.Append($"{Attribute(column, column.SqlFor("t0"))} as \"{column.Name}\", ");
        sql.Append($"ST_AsMVTGeom({shape}, ST_TileEnvelope({square}), {Tile.Extent}, {Tile.Buffer}, true) as \"geometry\"");
        WriteFrom(query, inTile);
        WritePage(query, "t0");
        var limit = Parameter((long)query.Limit!);
        sql.Append($") select ST_AsMVT(f, {Parameter(layer.Name)}, {Tile.Extent}, 'geometry'), count(*), case when count(*) < {limit} then count(*) else (select count(*)");
        WriteFrom(query, inTile);
        sql.Append(") end from f");
    }

    /// <summary>A tile's values are texts, numbers and truths.</summary>
    private static string Attribute(Column column, string value) => column.Type switch
    {
        ColumnType.Integer => $"({value})::bigint",
        ColumnType.Number => $"({value})::double precision",
        ColumnType.Bool => value,
        ColumnType.TextList => column.JoinedSql(value),
        _ => $"({value})::text",
    };
}
