using System.Text;
using System.Xml;
using Jietong.Geodata.Query;

namespace Jietong.Services.Downloads;

/// <summary>KML 2.2 (OGC 07-147r2), row by row: a schema with the type and the Chinese title of every column, a placemark a row.</summary>
internal static class KmlFile
{
    private const string Namespace = "http://www.opengis.net/kml/2.2";

    public static async Task Write(FileContent content, Pieces to, CancellationToken cancel)
    {
        await using var xml = XmlWriter.Create(to, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), CheckCharacters = true });
        var (wkb, text, label) = (new Wkb(), new StringBuilder(), content.Columns.FirstOrDefault(c => c.Name == "nameZh")?.Index);
        await xml.WriteStartDocumentAsync();
        xml.WriteStartElement("kml", Namespace);
        xml.WriteStartElement("Document");
        xml.WriteAttributeString("id", "root_doc");
        xml.WriteElementString("name", content.LayerName);
        xml.WriteElementString("description", content.About.Readme);
        WriteSchema(content, xml);
        xml.WriteStartElement("Folder");
        xml.WriteElementString("name", content.LayerName);
        while (await content.Rows.Read(cancel))
        {
            xml.WriteStartElement("Placemark");
            if (label is { } i && content.Rows.Value(i) is string name) xml.WriteElementString("name", Clean(name));
            WriteData(content, xml);
            if (content.Geometry() is { } geometry) WriteGeometry(wkb.Read(geometry), xml, text.Clear(), content.Query.Crs.Decimals);
            xml.WriteEndElement();
            await xml.FlushAsync();
            await to.SendFull(cancel);
        }
        await xml.WriteEndDocumentAsync();
    }

    private static void WriteSchema(FileContent content, XmlWriter xml)
    {
        xml.WriteStartElement("Schema");
        xml.WriteAttributeString("name", content.LayerName);
        xml.WriteAttributeString("id", content.LayerName);
        foreach (var column in content.Columns)
        {
            xml.WriteStartElement("SimpleField");
            xml.WriteAttributeString("name", column.Name);
            xml.WriteAttributeString("type", column.Type switch { ColumnType.Bool => "bool", ColumnType.Integer => "int", ColumnType.Number => "double", _ => "string" });
            xml.WriteElementString("displayName", $"{column.Of.TitleZh} {column.Of.TitleEn}");
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteData(FileContent content, XmlWriter xml)
    {
        xml.WriteStartElement("ExtendedData");
        xml.WriteStartElement("SchemaData");
        xml.WriteAttributeString("schemaUrl", "#" + content.LayerName);
        for (var i = 0; i < content.Columns.Count; i++)
        {
            if (content.Value(i) is not { } value) continue;
            xml.WriteStartElement("SimpleData");
            xml.WriteAttributeString("name", content.Columns[i].Name);
            xml.WriteString(value is bool truth ? truth ? "1" : "0" : Clean(FileContent.Text(value)));   // GDAL reads "true" as false
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteGeometry(Wkb of, XmlWriter xml, StringBuilder text, int decimals)
    {
        var multi = of.Type is Wkb.MultiPoint or Wkb.MultiLineString or Wkb.MultiPolygon;
        var isArea = of.Type is Wkb.Polygon or Wkb.MultiPolygon;
        if (multi) xml.WriteStartElement("MultiGeometry");
        for (var part = 0; part < of.Parts.Count; part++)
        {
            var isOuter = part == 0 || of.Polygons.Contains(part);
            if (isArea && isOuter) xml.WriteStartElement("Polygon");
            if (isArea) xml.WriteStartElement(isOuter ? "outerBoundaryIs" : "innerBoundaryIs");
            xml.WriteStartElement(of.Type is Wkb.Point or Wkb.MultiPoint ? "Point" : isArea ? "LinearRing" : "LineString");
            of.WritePositions(text.Clear(), part, decimals, ",", " ");
            xml.WriteElementString("coordinates", text.ToString());
            xml.WriteEndElement();
            if (isArea) xml.WriteEndElement();
            if (isArea && (part == of.Parts.Count - 1 || of.Polygons.Contains(part + 1))) xml.WriteEndElement();
        }
        if (multi) xml.WriteEndElement();
    }

    /// <summary>Without the characters that XML 1.0 cannot hold.</summary>
    private static string Clean(string text) => text.All(XmlConvert.IsXmlChar) ? text : new([.. text.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD')]);
}
