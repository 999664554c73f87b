using Jietong.Geodata.Query;
using Jietong.Services.Serve;

namespace Jietong.Services.Tiles;

/// <summary>What the address of a tile asks: what is drawn in it, the statement that finds it, and the key under which it is kept.</summary>
internal sealed record AskedTile(IReadOnlyList<TileLayer> Layers, SqlStatement Statement, string Key)
{
    private static readonly Remembered<AskedTile> Known = new(most: 5_000, longest: 500);

    /// <summary>Those read before are remembered.</summary>
    public static AskedTile Of(HttpContext http, Func<(Tileset Tiles, Tile Tile)> read) => Known.Of($"{http.Request.PathBase}{http.Request.Path}", http.Request.QueryString.Value ?? "", () =>
    {
        var (tiles, tile) = read();
        var layers = tiles.At(tile);
        var statement = SqlWriter.TileOf(layers, tile);
        return new(layers, statement, TileCache.KeyOf(statement));
    });
}
