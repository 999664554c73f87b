using System.Text;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>Which kinds of elements a block holds.</summary>
[Flags]
internal enum PbfKinds { None = 0, Nodes = 1, Ways = 2, Relations = 4 }

/// <summary>An unpacked block of elements (PrimitiveBlock of osmformat.proto, https://wiki.openstreetmap.org/wiki/PBF_Format). Texts are decoded when they are asked for.</summary>
internal sealed class PbfBlock
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] bytes;
    private readonly List<PbfRange> strings = [], groups = [];
    private readonly string?[] texts;
    private readonly long granularity = 100, latitudeOffset, longitudeOffset;   // nanodegrees

    public PbfBlock(byte[] bytes, int length)
    {
        this.bytes = bytes;
        var block = new PbfMessage(bytes, new(0, length));
        while (block.Next())
            switch (block.Field)
            {
                case 1:
                    var table = new PbfMessage(bytes, block.Inner());
                    while (table.Next())
                        if (table.Field == 1) strings.Add(table.Inner());
                    break;
                case 2: groups.Add(block.Inner()); break;   // what they refer to may stand behind them
                case 17: granularity = block.Int(); break;
                case 19: latitudeOffset = block.Long(); break;
                case 20: longitudeOffset = block.Long(); break;
            }
        texts = new string?[strings.Count];
    }

    /// <summary>What the three make of the elements, which kinds there are, and how many were looked at.</summary>
    public (List<T> Made, PbfKinds Kinds, int Count) Read<T>(Func<OsmNode, T?>? nodes, Func<OsmWay, T?>? ways, Func<OsmRelation, T?>? relations) where T : class
    {
        var (made, kinds, count) = (new List<T>(), PbfKinds.None, 0);
        void Add(T? one)
        {
            count++;
            if (one is not null) made.Add(one);
        }
        foreach (var range in groups)
        {
            var group = new PbfMessage(bytes, range);
            while (group.Next())
            {
                kinds |= group.Field switch { 1 or 2 => PbfKinds.Nodes, 3 => PbfKinds.Ways, 4 => PbfKinds.Relations, _ => PbfKinds.None };
                if (group.Field == 1 && nodes is not null) Add(nodes(Node(group.Inner())));
                else if (group.Field == 2 && nodes is not null) Dense(group.Inner(), node => Add(nodes(node)));
                else if (group.Field == 3 && ways is not null) Add(ways(Way(group.Inner())));
                else if (group.Field == 4 && relations is not null) Add(relations(Relation(group.Inner())));
            }
        }
        return (made, kinds, count);
    }

    private OsmNode Node(PbfRange range)
    {
        var (id, latitude, longitude, keys, values) = (0L, 0L, 0L, default(PbfRange), default(PbfRange));
        var node = new PbfMessage(bytes, range);
        while (node.Next())
            switch (node.Field)
            {
                case 1: id = node.SignedLong(); break;
                case 2: keys = node.Inner(); break;
                case 3: values = node.Inner(); break;
                case 8: latitude = node.SignedLong(); break;
                case 9: longitude = node.SignedLong(); break;
            }
        return At(id, latitude, longitude, Tags("node", id, keys, values));
    }

    private void Dense(PbfRange range, Action<OsmNode> take)
    {
        var (ids, latitudes, longitudes, tags) = (default(PbfRange), default(PbfRange), default(PbfRange), default(PbfRange));
        var dense = new PbfMessage(bytes, range);
        while (dense.Next())
            switch (dense.Field)
            {
                case 1: ids = dense.Inner(); break;
                case 8: latitudes = dense.Inner(); break;
                case 9: longitudes = dense.Inner(); break;
                case 10: tags = dense.Inner(); break;
            }
        var count = PbfNumbers.Count(bytes, ids);
        if (PbfNumbers.Count(bytes, latitudes) != count || PbfNumbers.Count(bytes, longitudes) != count) throw new OsmFault("", "", null, $"it has {count} nodes and {PbfNumbers.Count(bytes, latitudes)} latitudes and {PbfNumbers.Count(bytes, longitudes)} longitudes.");
        var (id, latitude, longitude, words) = (new PbfNumbers(bytes, ids), new PbfNumbers(bytes, latitudes), new PbfNumbers(bytes, longitudes), new PbfNumbers(bytes, tags));
        var own = new List<(string, string)>();
        for (var i = 0; i < count; i++)
        {
            var node = id.Sum();
            own.Clear();
            while (!words.IsAtEnd && words.Int() is not 0 and var key)
                own.Add((Text(key), words.IsAtEnd ? throw new OsmFault($"node {node}", Text(key), null, "the key has no value.") : Text(words.Int())));
            take(At(node, latitude.Sum(), longitude.Sum(), own.Count == 0 ? OsmTags.None : new([.. own])));
        }
        if (!words.IsAtEnd) throw new OsmFault("", "", null, "it has tags for more nodes than it has.");
    }

    private OsmWay Way(PbfRange range)
    {
        var (id, keys, values, nodes) = (0L, default(PbfRange), default(PbfRange), Array.Empty<long>());
        var way = new PbfMessage(bytes, range);
        while (way.Next())
            switch (way.Field)
            {
                case 1: id = way.Long(); break;
                case 2: keys = way.Inner(); break;
                case 3: values = way.Inner(); break;
                case 8: nodes = PbfNumbers.Sums(bytes, way.Inner()); break;
            }
        return new(id, Tags("way", id, keys, values), nodes);
    }

    private OsmRelation Relation(PbfRange range)
    {
        var (id, keys, values, roles, members, kinds) = (0L, default(PbfRange), default(PbfRange), Array.Empty<int>(), Array.Empty<long>(), Array.Empty<int>());
        var relation = new PbfMessage(bytes, range);
        while (relation.Next())
            switch (relation.Field)
            {
                case 1: id = relation.Long(); break;
                case 2: keys = relation.Inner(); break;
                case 3: values = relation.Inner(); break;
                case 8: roles = PbfNumbers.Ints(bytes, relation.Inner()); break;
                case 9: members = PbfNumbers.Sums(bytes, relation.Inner()); break;
                case 10: kinds = PbfNumbers.Ints(bytes, relation.Inner()); break;
            }
        if (roles.Length != members.Length || kinds.Length != members.Length) throw new OsmFault($"relation {id}", "members", null, $"{members.Length} members with {roles.Length} roles and {kinds.Length} types.");
        return new(id, Tags("relation", id, keys, values), [.. members.Select((member, i) => new OsmMember(kinds[i] is >= 0 and <= 2 ? (OsmKind)kinds[i] : throw new OsmFault($"relation {id}", "type of a member", $"{kinds[i]}", "there are 0 (node), 1 (way) and 2 (relation)."), member, Text(roles[i])))]);
    }

    private OsmTags Tags(string kind, long id, PbfRange keys, PbfRange values)
    {
        if (keys.From == keys.To && values.From == values.To) return OsmTags.None;
        var (ks, vs) = (PbfNumbers.Ints(bytes, keys), PbfNumbers.Ints(bytes, values));
        if (ks.Length != vs.Length) throw new OsmFault($"{kind} {id}", "tags", null, $"{ks.Length} keys and {vs.Length} values.");
        var tags = new (string, string)[ks.Length];
        for (var i = 0; i < tags.Length; i++) tags[i] = (Text(ks[i]), Text(vs[i]));
        return new(tags);
    }

    private OsmNode At(long id, long latitude, long longitude, OsmTags tags) =>
        OsmFault.Checked(new(id, unchecked(longitudeOffset + granularity * longitude) / 1e9, unchecked(latitudeOffset + granularity * latitude) / 1e9, tags));   // whole numbers over 10⁹: as near as a written decimal

    private string Text(int index)
    {
        if ((uint)index >= (uint)texts.Length) throw new OsmFault("", "", null, $"it names text {(uint)index} of {texts.Length}.");
        if (texts[index] is { } text) return text;
        var (from, to) = strings[index];
        if (to - from > OsmFault.LongestText) throw new OsmFault("", "", null, $"a text has {to - from} bytes; at most {OsmFault.LongestText} are read.");
        try { text = Utf8.GetString(bytes, from, to - from); }
        catch (DecoderFallbackException) { throw new OsmFault("", "", Encoding.Latin1.GetString(bytes, from, to - from), "a text is not UTF-8.", "Export the file anew as UTF-8."); }
        return texts[index] = text.Contains('\0', StringComparison.Ordinal) ? throw new OsmFault("", "", text.Replace("\0", "\\0", StringComparison.Ordinal), "a text holds a zero character.") : text;
    }
}
