using Jietong.Routing;

namespace Jietong.Services.Streets;

/// <summary>Turn restrictions as turns between arcs. "Only" bans every other arc wherever the way could be left, turning round included. What the mode cannot drive anyway is left out.</summary>
internal static class StreetTurns
{
    public static IEnumerable<Turn> Of(StreetNetwork streets)
    {
        var network = streets.Network;
        foreach (var row in streets.Rows.Turns)
        {
            if (row.Directions.Length != row.Streets.Length) continue;
            int[] arcs = [.. row.Streets.Zip(row.Directions, (id, direction) => streets.StreetNamed(streets.Rows.Datasets[row.Dataset], id) is >= 0 and var street ? streets.Arc(street, direction == '-') : -1)];
            if (arcs.Contains(-1) || !arcs.Zip(arcs.Skip(1)).All(pair => Leaves(pair.Second, network.Heads[pair.First]))) continue;
            if (!row.Only)
            {
                yield return new(arcs);
                continue;
            }
            for (var i = 1; i < arcs.Length; i++)
                for (var (junction, arc) = (network.Heads[arcs[i - 1]], network.FirstArc[network.Heads[arcs[i - 1]]]); arc < network.FirstArc[junction + 1]; arc++)
                    if (arc != arcs[i]) yield return new([.. arcs[..i], arc]);
        }

        bool Leaves(int arc, int junction) => network.FirstArc[junction] <= arc && arc < network.FirstArc[junction + 1];
    }
}
