using System.Collections.Concurrent;
using Jietong.Geodata.Query;

namespace Jietong.Services.Tiles;

/// <summary>What the address of a tile asks: what is drawn in it, the statement that finds it, and the key under which it is kept.</summary>
internal sealed record AskedTile(IReadOnlyList<TileLayer> Layers, SqlStatement Statement, string Key)
{
    private const int MostRemembered = 5_000, LongestRemembered = 500;
    private static readonly ConcurrentDictionary<(string Address, DateOnly Today), AskedTile> Known = new();

    /// <summary>Those read before are remembered: reading an address takes longer than giving out a kept tile.</summary>
    public static AskedTile Of(HttpContext http, Func<(Tileset Tiles, Tile Tile)> read)
    {
        var address = ($"{http.Request.PathBase}{http.Request.Path}{http.Request.QueryString}", Days.Today);   // tiles without a day are those of today
        if (Known.TryGetValue(address, out var known)) return known;
        var (tiles, tile) = read();
        var layers = tiles.At(tile);
        var statement = SqlWriter.TileOf(layers, tile);
        var asked = new AskedTile(layers, statement, TileCache.KeyOf(statement));
        if (address.Item1.Length > LongestRemembered) return asked;
        if (Known.Count >= MostRemembered) Known.Clear();
        return Known[address] = asked;
    }
}
