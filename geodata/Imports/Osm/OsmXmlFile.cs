using System.Globalization;
using System.Xml;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>OpenStreetMap's XML (https://wiki.openstreetmap.org/wiki/OSM_XML), element by element. What is marked as deleted is left out.</summary>
internal sealed class OsmXmlFile(string path, Action<long, long> progress, CancellationToken cancel) : IOsmFile
{
    private const string WayOut = "Correct it there, or export the file anew.";
    private const int StepLength = 1 << 20, LongestStep = 1 << 23;   // bytes between two looks at where it is; of one tag

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true, CloseInput = true };

    public DateTime? Timestamp { get; private set; }

    public int Passed { get; private set; }

    public IEnumerable<T> Read<T>(Func<OsmNode, T?>? nodes = null, Func<OsmWay, T?>? ways = null, Func<OsmRelation, T?>? relations = null) where T : class
    {
        Passed = 0;
        using var stream = new SteppedStream(File.OpenRead(path));
        using var xml = XmlReader.Create(stream, Settings);
        if (!Guarded(xml, () => xml.MoveToContent() == XmlNodeType.Element) || xml.Name != "osm") throw Fault(xml, "", "", xml.Name, xml.Name == "osmChange" ? "this is a list of changes, not a map." : "an <osm> element was expected.");
        Timestamp = Time(xml.GetAttribute("timestamp"));
        for (var reported = 0L; ;)
        {
            if (stream.Done - reported >= StepLength)
            {
                cancel.ThrowIfCancellationRequested();
                progress(reported = stream.Done, stream.Length);
            }
            stream.Step();
            if (!Guarded(xml, xml.Read)) break;
            if (xml.NodeType != XmlNodeType.Element || xml.Depth != 1) continue;
            if (xml.Name == "meta") Timestamp ??= Time(xml.GetAttribute("osm_base"));
            if (xml.Name switch { "node" => nodes is not null, "way" => ways is not null, "relation" => relations is not null, _ => false }) Passed++;
            var made = xml.Name switch
            {
                "node" when nodes is not null => Guarded(xml, () => Node(xml, stream) is { } node ? nodes(node) : null),
                "way" when ways is not null => Guarded(xml, () => Way(xml, stream) is { } way ? ways(way) : null),
                "relation" when relations is not null => Guarded(xml, () => Relation(xml, stream) is { } relation ? relations(relation) : null),
                _ => null,
            };
            if (made is not null) yield return made;
        }
        progress(stream.Length, stream.Length);
    }

    private static OsmNode? Node(XmlReader xml, SteppedStream stream)
    {
        var (id, isThere) = Begin(xml);
        var (longitude, latitude) = isThere ? (Degrees(xml, id, "lon"), Degrees(xml, id, "lat")) : (0, 0);
        var tags = Inside(xml, stream, "node", id, null);
        return isThere ? OsmFault.Checked(new(id, longitude, latitude, tags)) : null;
    }

    private static OsmWay? Way(XmlReader xml, SteppedStream stream)
    {
        var ((id, isThere), nodes) = (Begin(xml), new List<long>());
        var tags = Inside(xml, stream, "way", id, () =>
        {
            if (xml.Name == "nd" && nodes.Count < OsmFault.LongestList) nodes.Add(Number(xml, $"way {id}", "ref"));
            else if (xml.Name == "nd") throw Fault(xml, $"way {id}", "nd", null, $"it has more than {OsmFault.LongestList} nodes.");
        });
        return isThere ? new(id, tags, [.. nodes]) : null;
    }

    private static OsmRelation? Relation(XmlReader xml, SteppedStream stream)
    {
        var ((id, isThere), members) = (Begin(xml), new List<OsmMember>());
        var tags = Inside(xml, stream, "relation", id, () =>
        {
            if (xml.Name != "member") return;
            if (members.Count >= OsmFault.LongestList) throw Fault(xml, $"relation {id}", "member", null, $"it has more than {OsmFault.LongestList} members.");
            var kind = xml.GetAttribute("type") switch
            {
                "node" => OsmKind.Node, "way" => OsmKind.Way, "relation" => OsmKind.Relation,
                var other => throw Fault(xml, $"relation {id}", "type of a member", other, "there are node, way and relation."),
            };
            members.Add(new(kind, Number(xml, $"relation {id}", "ref"), xml.GetAttribute("role") ?? ""));
        });
        return isThere ? new(id, tags, [.. members]) : null;
    }

    private static (long Id, bool IsThere) Begin(XmlReader xml) => (Number(xml, xml.Name, "id"), xml.GetAttribute("visible") != "false" && xml.GetAttribute("action") != "delete");

    /// <summary>The tags of an element, to its end; whoever reads other things from it hears of each.</summary>
    private static OsmTags Inside(XmlReader xml, SteppedStream stream, string kind, long id, Action? other)
    {
        if (xml.IsEmptyElement) return OsmTags.None;
        var tags = new List<(string, string)>();
        for (var depth = xml.Depth; Stepped(xml, stream) && xml.Depth > depth;)
        {
            if (xml.NodeType != XmlNodeType.Element || xml.Depth != depth + 1) continue;
            if (xml.Name != "tag") other?.Invoke();
            else if (tags.Count >= OsmFault.LongestList) throw Fault(xml, $"{kind} {id}", "tag", null, $"it has more than {OsmFault.LongestList} tags.");
            else tags.Add((Text(xml, $"{kind} {id}", "k"), Text(xml, $"{kind} {id}", "v")));
        }
        return tags.Count == 0 ? OsmTags.None : new([.. tags]);
    }

    private static bool Stepped(XmlReader xml, SteppedStream stream)
    {
        stream.Step();
        return xml.Read();
    }

    private static string Text(XmlReader xml, string element, string attribute) =>
        xml.GetAttribute(attribute) is not { } text ? throw Fault(xml, element, attribute, null, "a tag lacks it.")
        : text.Length <= OsmFault.LongestText ? text : throw Fault(xml, element, attribute, text, $"it has {text.Length} characters; at most {OsmFault.LongestText} are read.");

    private static long Number(XmlReader xml, string element, string attribute) =>
        long.TryParse(xml.GetAttribute(attribute), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Fault(xml, element, attribute, xml.GetAttribute(attribute), "it is no whole number of 64 bits.");

    private static double Degrees(XmlReader xml, long id, string attribute) =>
        double.TryParse(xml.GetAttribute(attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : throw Fault(xml, $"node {id}", attribute, xml.GetAttribute(attribute), "it is no number of degrees.");

    private static DateTime? Time(string? text) => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static T Guarded<T>(XmlReader xml, Func<T> read)
    {
        try { return read(); }
        catch (XmlException e) { throw new OsmFault(e.LineNumber > 0 ? $"line {e.LineNumber}" : "", "", null, $"this is no well-formed XML: {e.Message}", WayOut); }
        catch (OsmFault e) when (!e.Place.StartsWith("line", StringComparison.Ordinal)) { throw e.At($"line {((IXmlLineInfo)xml).LineNumber}"); }
    }

    private static OsmFault Fault(XmlReader xml, string element, string field, string? value, string reason) =>
        new($"line {((IXmlLineInfo)xml).LineNumber}{(element == "" ? "" : ", " + element)}", field, value, reason, WayOut);

    public void Dispose() { }

    /// <summary>Counts what is read, and ends where a single tag goes on for megabytes: a reader of XML would hold all of it.</summary>
    private sealed class SteppedStream(FileStream file) : Stream
    {
        private long step;

        public long Done { get; private set; }

        public void Step() => step = Done;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (Done - step > LongestStep) throw new OsmFault("", "", null, $"a tag or text is longer than {LongestStep} bytes, at byte {step}.");
            var count = file.Read(buffer);
            Done += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => file.Length;
        public override long Position { get => Done; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
