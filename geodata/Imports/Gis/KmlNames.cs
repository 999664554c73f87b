using System.IO.Compression;
using System.Xml;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>
/// A copy of a KML in which the names of Data elements are plain letters: GDAL's driver turns every character of them that is not ASCII into an underscore,
/// and 等级, 单行 and 限速 into one column. What it reads is called by its own name again.
/// </summary>
internal sealed class KmlNames
{
    private const string Plain = "jietong";
    private readonly List<string> names = [];

    /// <summary>Copies a .kml, or the main one in a .kmz.</summary>
    /// <returns>The copy.</returns>
    /// <exception cref="BadFileException">It is no XML; says where it breaks.</exception>
    public async Task<string> Copy(ImportContext context, string folder)
    {
        var (source, copy) = (context.File.Path, Path.Combine(folder, "data.kml"));
        if (!source.EndsWith(".kmz", StringComparison.OrdinalIgnoreCase))
        {
            await using var kml = File.OpenRead(source);
            Copy(context.File.Name, kml, copy);
            return copy;
        }
        await BroughtZip.Measure(source, context.Cancel);
        await using var archive = await BroughtZip.Open(source, context.Cancel);
        var main = archive.Entries.Where(e => e.Name.EndsWith(".kml", StringComparison.OrdinalIgnoreCase)).OrderBy(e => e.FullName != "doc.kml").FirstOrDefault()
            ?? throw new InputException($"{context.File.Name} holds no .kml.");
        await using var packed = await main.OpenAsync(context.Cancel);
        Copy(context.File.Name, packed, copy);
        return copy;
    }

    /// <summary>The name that a column has in the file.</summary>
    public string Of(string column) => column.StartsWith(Plain, StringComparison.Ordinal) && int.TryParse(column.AsSpan(Plain.Length), out var number) && number < names.Count ? names[number] : column;

    private void Copy(string file, Stream from, string to)
    {
        using var reader = XmlReader.Create(from, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        using var writer = XmlWriter.Create(to);
        try
        {
            while (reader.Read())
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element: Element(reader, writer); break;
                    case XmlNodeType.EndElement: writer.WriteFullEndElement(); break;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace: writer.WriteString(reader.Value); break;
                }
        }
        catch (XmlException e) { throw new BadFileException(file, $"line {e.LineNumber}, character {e.LinePosition}", "", null, $"is no whole XML: {e.Message}", "Mend it there, or export it again."); }
    }

    private void Element(XmlReader reader, XmlWriter writer)
    {
        writer.WriteStartElement(reader.Prefix, reader.LocalName, reader.NamespaceURI);
        var (isEmpty, isData) = (reader.IsEmptyElement, reader.LocalName == "Data");
        while (reader.MoveToNextAttribute())
            writer.WriteAttributeString(reader.Prefix, reader.LocalName, reader.NamespaceURI, isData && reader.Name == "name" ? PlainOf(reader.Value) : reader.Value);
        if (isEmpty) writer.WriteEndElement();
    }

    private string PlainOf(string name)
    {
        if (!names.Contains(name)) names.Add(name);
        return Plain + names.IndexOf(name);
    }
}
