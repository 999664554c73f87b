namespace Jietong.Geodata.Imports.Osm;

/// <summary>A barred turn, or the only one allowed, along streets; each with its direction (+ as the street runs).</summary>
internal sealed record StreetTurn(string Id, bool IsOnly, string[] Streets, string Directions, Modes Modes, string Words);

/// <summary>Turn restrictions of ways become those of streets. What fits no streets is counted by its reason, and never guessed at.</summary>
internal sealed class StreetTurns
{
    private readonly StreetNetwork network;
    private readonly OsmNodes nodes;
    private readonly Dictionary<long, List<int>> piecesOf;

    public List<StreetTurn> Turns { get; } = [];
    public SortedDictionary<string, List<long>> Unresolved { get; } = new(StringComparer.Ordinal);
    public int Resolved { get; private set; }

    /// <param name="relations">All; those of other kinds are passed over.</param>
    /// <param name="network">Where they hold.</param>
    /// <param name="nodes">Of the network.</param>
    public StreetTurns(IEnumerable<OsmRelation> relations, StreetNetwork network, OsmNodes nodes)
    {
        (this.network, this.nodes) = (network, nodes);
        var restrictions = new List<TurnRestriction>();
        foreach (var relation in relations.Where(r => TurnRestriction.IsOne(r.Tags)))
            if (TurnRestriction.Of(relation, out var why) is { } restriction) restrictions.Add(restriction);
            else Leave(relation.Id, why);
        var wanted = restrictions.SelectMany(r => r.From.Concat(r.To).Concat(r.Via.Select(v => v.Id))).ToHashSet();
        piecesOf = Enumerable.Range(0, network.Pieces.Count).Where(p => wanted.Contains(network.Pieces[p].Way.Id)).GroupBy(p => network.Pieces[p].Way.Id).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var restriction in restrictions) Resolve(restriction);
    }

    /// <summary>Nodes at which streets must end for turns to be told: where they are made.</summary>
    public static IEnumerable<int> Where(IEnumerable<OsmRelation> relations, IReadOnlyDictionary<long, KeptWay> ways, OsmNodes nodes)
    {
        foreach (var via in relations.Where(r => TurnRestriction.IsOne(r.Tags)).SelectMany(r => r.Members).Where(m => m.Role == "via"))
            if (via.Kind == OsmKind.Node && nodes.Find(via.Id) is >= 0 and var node) yield return node;
            else if (via.Kind == OsmKind.Way && ways.TryGetValue(via.Id, out var way) && way.Nodes.Length > 0)
            {
                yield return way.Nodes[0];
                yield return way.Nodes[^1];
            }
    }

    private void Leave(long id, string why)
    {
        if (!Unresolved.TryGetValue(why, out var ids)) Unresolved.Add(why, ids = []);
        ids.Add(id);
    }

    private void Resolve(TurnRestriction restriction)
    {
        var (found, why) = (new List<IReadOnlyList<(int Piece, bool IsForward)>>(), "");
        foreach (var from in restriction.From)
            foreach (var to in restriction.To)
                if (Path(restriction, from, to, out var reason) is { } path) found.Add(path);
                else why = reason;
        if (found.Count == 0)
        {
            Leave(restriction.Id, why);
            return;
        }
        Resolved++;
        for (var i = 0; i < found.Count; i++)
        {
            var streets = new List<(int Street, bool IsForward)>();
            foreach (var (piece, isForward) in found[i])
            {
                var (street, along) = network.StreetOf[piece];
                if (streets.Count == 0 || streets[^1] != (street, along == isForward) || !Continues(found[i], piece)) streets.Add((street, along == isForward));
            }
            Turns.Add(new(found.Count == 1 ? $"{restriction.Id}" : $"{restriction.Id}-{i + 1}", restriction.IsOnly, [.. streets.Select(s => network.Streets[s.Street].Id)], string.Concat(streets.Select(s => s.IsForward ? '+' : '-')), restriction.Modes, restriction.Words));
        }
    }

    /// <summary>Pieces of one street that follow each other are that street once; a loop that is begun anew is there twice.</summary>
    private bool Continues(IReadOnlyList<(int Piece, bool IsForward)> path, int piece)
    {
        for (var i = 1; i < path.Count; i++)
            if (path[i].Piece == piece && network.Pieces[path[i - 1].Piece] is var before && network.Streets[network.StreetOf[piece].Street] is var street)
                return End(before, path[i - 1].IsForward) is var node && node != street.From && node != street.To;
        return false;
    }

    private static int Begin(StreetPiece piece, bool isForward) => isForward ? piece.From : piece.To;
    private static int End(StreetPiece piece, bool isForward) => isForward ? piece.To : piece.From;

    private List<(int Piece, bool IsForward)>? Path(TurnRestriction restriction, long from, long to, out string why)
    {
        why = "on ways that are no roads or lie outside 道路不在数据中";
        if (!piecesOf.ContainsKey(from) || !piecesOf.ContainsKey(to)) return null;
        var path = new List<(int Piece, bool IsForward)>();
        if (restriction.Via is [{ Kind: OsmKind.Node } via])
        {
            why = "where its ways do not meet 道路与路口不相接";
            var node = nodes.Find(via.Id);
            if (node < 0) return null;
            return Ended(path, from, to, node, node, ref why);
        }
        why = "on ways that are no roads or lie outside 道路不在数据中";
        var ways = restriction.Via.Select(v => v.Id).ToList();
        if (!ways.TrueForAll(piecesOf.ContainsKey)) return null;
        return Along(ways) ?? (ways.Count > 1 ? Along(Enumerable.Reverse(ways).ToList()) : null) ?? Not(out why);

        List<(int, bool)>? Along(List<long> between)
        {
            var all = between.Prepend(from).Append(to).ToList();
            var joints = new List<int>();
            for (var i = 1; i < all.Count; i++)
            {
                if (Joint(all[i - 1], all[i], joints.Count > 0 ? joints[^1] : -1) is not (>= 0 and var joint)) return null;
                joints.Add(joint);
            }
            var middle = new List<(int, bool)>();
            for (var i = 0; i < between.Count; i++)
                if (!Run(between[i], joints[i], joints[i + 1], middle)) return null;
            var ignored = "";
            return Ended(middle, from, to, joints[0], joints[^1], ref ignored);
        }

        static List<(int, bool)>? Not(out string why)
        {
            why = "where its ways do not meet 道路与路口不相接";
            return null;
        }
    }

    /// <summary>The pieces in between, with that of one way which comes in before, and of the other which goes out behind; null where there are several, or none.</summary>
    private List<(int Piece, bool IsForward)>? Ended(List<(int Piece, bool IsForward)> between, long from, long to, int enter, int leave, ref string why)
    {
        var (coming, going) = (At(from, enter, isComing: true), At(to, leave, isComing: false));
        if (coming.Count > 1 && from == to && going.Count > 1) (coming, going) = (OneWay(coming), OneWay(going));
        if (coming.Count == 0 || going.Count == 0) return null;
        if (coming.Count > 1 || going.Count > 1)
        {
            why = "where its ways go on both sides of the junction 道路穿过路口";
            return null;
        }
        return [coming[0], .. between, going[0]];

        List<(int Piece, bool IsForward)> OneWay(List<(int Piece, bool IsForward)> some) => some.FindAll(s => network.Pieces[s.Piece].Road.Car is var car && !(car.Forward > 0 && car.Backward > 0));
    }

    /// <summary>Pieces of a way that come to a node, or lead from it; where cars use it one way, only as they do.</summary>
    private List<(int Piece, bool IsForward)> At(long way, int node, bool isComing)
    {
        var found = new List<(int, bool)>();
        foreach (var number in piecesOf[way])
        {
            var piece = network.Pieces[number];
            foreach (var isForward in new[] { true, false })
                if ((isComing ? End(piece, isForward) : Begin(piece, isForward)) == node && (piece.Road.Modes & (Modes.Car | Modes.Cycle)) is var modes
                    && (modes == 0 || ((isForward ? piece.Road.Car.Forward : piece.Road.Car.Backward) > 0) || ((isForward ? piece.Road.Cycle.Forward : piece.Road.Cycle.Backward) > 0)))
                    found.Add((number, isForward));
        }
        return found;
    }

    /// <summary>Where two ways meet: at an end of the second if they do.</summary>
    private int Joint(long one, long other, int not)
    {
        var ends = piecesOf[one].SelectMany(p => new[] { network.Pieces[p].From, network.Pieces[p].To }).ToHashSet();
        var met = piecesOf[other].SelectMany(p => new[] { network.Pieces[p].From, network.Pieces[p].To }).Where(ends.Contains).Distinct().Where(n => n != not).ToList();
        return met.Count == 1 ? met[0] : met.Where(n => network.Pieces[piecesOf[other][0]].Way.Nodes is var along && (along[0] == n || along[^1] == n)).DefaultIfEmpty(-1).First();
    }

    /// <summary>Along one way from node to node, as it is drawn or back.</summary>
    private bool Run(long way, int from, int to, List<(int, bool)> run)
    {
        var pieces = piecesOf[way];
        foreach (var isForward in new[] { true, false })
        {
            var ordered = isForward ? pieces : Enumerable.Reverse(pieces).ToList();
            var start = ordered.FindIndex(p => Begin(network.Pieces[p], isForward) == from);
            if (start < 0) continue;
            for (var end = start; end < ordered.Count && (end == start || Begin(network.Pieces[ordered[end]], isForward) == End(network.Pieces[ordered[end - 1]], isForward)); end++)
                if (End(network.Pieces[ordered[end]], isForward) == to)
                {
                    run.AddRange(ordered[start..(end + 1)].Select(p => (p, isForward)));
                    return true;
                }
        }
        return false;
    }
}
