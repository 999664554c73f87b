using System.Collections.Concurrent;
using Jietong.Geodata.Query;

namespace Jietong.Services.Serve;

/// <summary>What addresses mean: reading one takes longer than many an answer. What says no day means today, so nothing outlives the day.</summary>
/// <param name="most">So many; then they are forgotten all at once.</param>
/// <param name="longest">Longer addresses are read each time.</param>
internal sealed class Remembered<T>(int most, int longest)
{
    private readonly ConcurrentDictionary<(string Path, string Options, DateOnly Today), T> known = new();

    /// <summary>What the address means, read once.</summary>
    public T Of(string path, string options, Func<T> read)
    {
        var address = (path, options, Days.Today);
        if (known.TryGetValue(address, out var meaning)) return meaning;
        meaning = read();
        if (path.Length + options.Length > longest) return meaning;
        if (known.Count >= most) known.Clear();
        return known[address] = meaning;
    }
}
