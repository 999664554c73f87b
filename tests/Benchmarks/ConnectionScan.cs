using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>
/// The peer of RAPTOR: one scan over all connections of the day by departure (Dibbelt, Pickles, Strasser and Wagner 2018, "Connection scan algorithm", ACM Journal of Experimental
/// Algorithmics 23). Made from the trips' calls alone, it knows nothing of routes, rounds or numbers of rides.
/// </summary>
internal sealed class ConnectionScan
{
    private readonly record struct Connection(int DepartureMs, int ArrivalMs, int From, int To, int Trip);

    private readonly Connection[] connections;
    private readonly (int To, int Ms)[][] footpaths;
    private readonly int[] changeMs, readyAt, alightAt;
    private readonly bool[] boarded;

    /// <param name="trips">Calls of each trip.</param>
    /// <param name="footpaths">By stop.</param>
    /// <param name="changeMs">By stop.</param>
    public ConnectionScan(IReadOnlyList<TripCall[]> trips, (int To, int Ms)[][] footpaths, int[] changeMs)
    {
        connections = [.. trips.SelectMany((calls, trip) => calls.Zip(calls.Skip(1), (a, b) => new Connection(a.DepartureMs, b.ArrivalMs, a.Stop, b.Stop, trip))).OrderBy(c => c.DepartureMs).ThenBy(c => c.ArrivalMs)];
        (this.footpaths, this.changeMs, readyAt, alightAt, boarded) = (footpaths, changeMs, new int[changeMs.Length], new int[changeMs.Length], new bool[trips.Count]);
    }

    /// <summary>The earliest alighting at every stop, of who is at one stop at a time; the array is written anew by the next call.</summary>
    public int[] From(int source, int departureMs)
    {
        Array.Fill(readyAt, Network.Unreachable);
        Array.Fill(alightAt, Network.Unreachable);
        Array.Clear(boarded);
        readyAt[source] = departureMs;
        var (first, last) = (0, connections.Length);
        while (first < last)
            if ((first + last) / 2 is var middle && connections[middle].DepartureMs < departureMs) first = middle + 1;
            else last = middle;
        foreach (ref readonly var c in connections.AsSpan(first))
        {
            if (!boarded[c.Trip] && readyAt[c.From] > c.DepartureMs) continue;
            boarded[c.Trip] = true;
            if (c.ArrivalMs >= alightAt[c.To]) continue;
            alightAt[c.To] = c.ArrivalMs;
            readyAt[c.To] = Math.Min(readyAt[c.To], c.ArrivalMs + changeMs[c.To]);
            foreach (var (to, ms) in footpaths[c.To])
                if (c.ArrivalMs + ms < readyAt[to]) readyAt[to] = c.ArrivalMs + ms;
        }
        return alightAt;
    }
}
