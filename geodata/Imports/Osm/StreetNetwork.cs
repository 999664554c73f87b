using System.Globalization;
using System.Runtime.InteropServices;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>A piece of a road between two junctions, along the nodes of its way as it is drawn.</summary>
/// <param name="Way">Its way.</param>
/// <param name="Road">What it is.</param>
/// <param name="First">Where it begins among the way's nodes.</param>
/// <param name="Last">Where it ends.</param>
internal readonly record struct StreetPiece(KeptWay Way, OsmRoad Road, int First, int Last)
{
    public int From => Way.Nodes[First];
    public int To => Way.Nodes[Last];
}

/// <summary>Pieces that go on into each other unbroken and alike.</summary>
/// <param name="Id">Its first way and its ends.</param>
/// <param name="Road">What it is, in its own direction.</param>
/// <param name="Nodes">Along it.</param>
/// <param name="WayIds">In order.</param>
/// <param name="Metres">Its length.</param>
internal sealed record Street(string Id, OsmRoad Road, int[] Nodes, long[] WayIds, double Metres)
{
    public int From => Nodes[0];
    public int To => Nodes[^1];
}

/// <summary>
/// Roads become streets: ways are cut where they meet, end, are barred or turned at, and where a clipped file lacks a node; then pieces are joined at junctions where just two meet that are alike.
/// A street runs as the piece of it is drawn that comes first by the number of its way, so that a newer file gives it the same name as long as its ways and ends stay.
/// </summary>
internal sealed class StreetNetwork
{
    private readonly OsmNodes nodes;
    private readonly int[] ends;            // of pieces, at each node
    private readonly int[] first, second;   // of the pieces that end there, two
    private readonly bool[] isKept;
    private readonly List<int> along = [];   // of the street that is being made
    private readonly List<long> ways = [];

    /// <summary>All pieces, by way and along it.</summary>
    public List<StreetPiece> Pieces { get; } = [];
    public List<Street> Streets { get; } = [];

    /// <summary>Of each piece: its street, and whether that runs as it is drawn.</summary>
    public (int Street, bool IsForward)[] StreetOf { get; private set; } = [];

    /// <summary>Ways that were cut because the file lacks some of their nodes, and ways of which it has fewer than two.</summary>
    public int CutWays { get; private set; }
    public int LostWays { get; private set; }
    public int JunctionsBefore { get; private set; }

    /// <param name="nodes">All that ways run through.</param>
    /// <param name="roads">By their ids.</param>
    /// <param name="kept">Nodes at which streets end anyway: barriers, and where turns are barred.</param>
    public StreetNetwork(OsmNodes nodes, IReadOnlyList<KeptWay> roads, IEnumerable<int> kept)
    {
        this.nodes = nodes;
        (ends, first, second, isKept) = (new int[nodes.Count], new int[nodes.Count], new int[nodes.Count], new bool[nodes.Count]);
        foreach (var node in kept) isKept[node] = true;
        Cut(roads);
        Join();
    }

    private void Cut(IReadOnlyList<KeptWay> roads)
    {
        var isJunction = (bool[])isKept.Clone();
        var isMet = new bool[nodes.Count];
        var runs = new List<(KeptWay Way, int First, int Last)>();
        foreach (var way in roads)
        {
            var before = runs.Count;
            for (var (from, i) = (0, 0); i <= way.Nodes.Length; i++)
            {
                if (i < way.Nodes.Length && nodes.IsThere(way.Nodes[i])) continue;
                if (i - from > 1) runs.Add((way, from, i - 1));
                from = i + 1;
            }
            if (runs.Count == before) LostWays++;
            else if (runs.Count > before + 1 || runs[before].Last - runs[before].First < way.Nodes.Length - 1) CutWays++;
        }
        foreach (var (way, from, to) in runs)
        {
            for (var i = from; i <= to; i++)
            {
                var node = way.Nodes[i];
                if (i > from && node == way.Nodes[i - 1]) continue;   // written twice
                if (isMet[node]) isJunction[node] = true;
                isMet[node] = true;
            }
            isJunction[way.Nodes[from]] = isJunction[way.Nodes[to]] = true;
        }
        foreach (var (way, from, to) in runs)
        {
            var road = way.Duration is { } duration ? way.Road!.Taking(duration, Metres(way.Nodes.AsSpan(from, to - from + 1))) : way.Road!;
            for (var (start, i) = (from, from + 1); i <= to; i++)
            {
                if (!isJunction[way.Nodes[i]] || way.Nodes[i] == way.Nodes[i - 1]) continue;
                var piece = new StreetPiece(way, road, start, i);
                End(piece.From, Pieces.Count);
                End(piece.To, Pieces.Count);
                Pieces.Add(piece);
                start = i;
            }
        }
        JunctionsBefore = ends.Count(e => e > 0);
    }

    private void End(int node, int piece)
    {
        if (ends[node]++ == 0) first[node] = piece;
        else second[node] = piece;
    }

    private void Join()
    {
        StreetOf = new (int, bool)[Pieces.Count];
        Array.Fill(StreetOf, (-1, false));
        var (chain, back, names) = (new List<(int Piece, bool IsForward)>(), new List<(int Piece, bool IsForward)>(), new Dictionary<(long, long, long), int>());
        for (var piece = 0; piece < Pieces.Count; piece++)
        {
            if (StreetOf[piece].Street >= 0) continue;
            StreetOf[piece] = (Streets.Count, true);
            back.Clear();
            for (var next = After(piece, false); next is { } one; next = After(one.Piece, one.IsForward)) back.Add(Taken(one.Piece, !one.IsForward));
            back.Reverse();
            chain.Clear();
            if (back.Count > 0 && Behind(piece, true) == back[0])   // a ring by itself begins where its first way does
            {
                chain.Add((piece, true));
                chain.AddRange(back);
                Add(chain, names);
                continue;
            }
            chain.AddRange(back);
            chain.Add((piece, true));
            for (var next = After(piece, true); next is { } one; next = After(one.Piece, one.IsForward)) chain.Add(Taken(one.Piece, one.IsForward));
            Add(chain, names);
        }

        (int, bool) Taken(int piece, bool isForward)
        {
            StreetOf[piece] = (Streets.Count, isForward);
            return (piece, isForward);
        }
    }

    /// <summary>What goes on behind it and is part of no street yet.</summary>
    private (int Piece, bool IsForward)? After(int piece, bool isForward) => Behind(piece, isForward) is { } next && StreetOf[next.Piece].Street < 0 ? next : null;

    /// <summary>The piece that goes on unbroken and alike behind one that is run through in some direction.</summary>
    private (int Piece, bool IsForward)? Behind(int piece, bool isForward)
    {
        var node = isForward ? Pieces[piece].To : Pieces[piece].From;
        if (ends[node] != 2 || isKept[node]) return null;
        var next = first[node] == piece ? second[node] : first[node];
        if (next == piece) return null;
        var goesForward = Pieces[next].From == node;
        var (one, other) = (Pieces[piece].Road, Pieces[next].Road);
        return ReferenceEquals(one, other) && isForward == goesForward || one == (isForward == goesForward ? other : other.Reversed) ? (next, goesForward) : null;
    }

    private void Add(List<(int Piece, bool IsForward)> chain, Dictionary<(long, long, long), int> names)
    {
        along.Clear();
        ways.Clear();
        foreach (var (number, isForward) in chain)
        {
            var piece = Pieces[number];
            var length = piece.Last - piece.First;
            for (var i = 0; i <= length; i++)
            {
                var node = piece.Way.Nodes[isForward ? piece.First + i : piece.Last - i];
                if (along.Count == 0 || along[^1] != node) along.Add(node);
            }
            if (ways.Count == 0 || ways[^1] != piece.Way.Id) ways.Add(piece.Way.Id);
        }
        var road = chain[0].IsForward ? Pieces[chain[0].Piece].Road : Pieces[chain[0].Piece].Road.Reversed;
        var (from, to) = (nodes.Id(along[0]), nodes.Id(along[^1]));
        ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(names, (ways[0], from, to), out _);
        var name = string.Create(CultureInfo.InvariantCulture, $"w{ways[0]}-{from}-{to}");
        Streets.Add(new(++times == 1 ? name : $"{name}-{times}", road, [.. along], [.. ways], Metres(CollectionsMarshal.AsSpan(along))));
    }

    private double Metres(ReadOnlySpan<int> along)
    {
        var metres = 0.0;
        for (var i = 1; i < along.Length; i++) metres += Spheroid.Metres(nodes.At(along[i - 1]), nodes.At(along[i]));
        return metres;
    }
}
