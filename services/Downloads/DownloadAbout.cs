using System.Globalization;
using System.Text;
using System.Text.Json;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;

namespace Jietong.Services.Downloads;

/// <summary>What a file says of itself: the state of the data, the days that it is judged by, who is to be named, and in which system its positions are.</summary>
internal sealed class DownloadAbout(Query query, RowReader rows)
{
    public const string Attribution = "接通登记册；部分位置读自 © OpenStreetMap 贡献者与 GeoNames。 Jietong register; positions partly read from © OpenStreetMap contributors and GeoNames.";
    public const string Licence = "读自 OpenStreetMap 的位置：ODbL 1.0；读自 GeoNames 的：CC BY 4.0；其余：MIT。 Positions read from OpenStreetMap: ODbL 1.0; from GeoNames: CC BY 4.0; all else: MIT.";

    /// <summary>Name and value, in the order in which they are shown; only days on which the rows depend.</summary>
    public IReadOnlyList<(string Name, string Zh, string Value)> Entries { get; } =
    [
        ("layer", "图层", $"{query.Layer.Collection}: {query.Layer.TitleZh} {query.Layer.TitleEn}"),
        ("dataVersion", "数据版本", rows.Version.ToString()),
        .. rows.DependsOnAsOf ? [("asOf", "基准日", Day(query.AsOf))] : Array.Empty<(string, string, string)>(),
        .. rows.DependsOnKnownBy ? [("knownBy", "所知截至", Day(query.KnownBy))] : Array.Empty<(string, string, string)>(),
        .. query.Layer.Geometry is null ? [] : new[] { ("crs", "坐标系", query.Crs.Shift is { } shift ? $"{query.Crs.Code} · {shift.Mark}" : $"EPSG:{query.Crs.Srid}") },
        ("attribution", "署名", Attribution),
        ("licence", "许可", Licence),
    ];

    /// <summary>As one JSON object, for formats that keep one.</summary>
    public string Json
    {
        get
        {
            using var text = new MemoryStream();
            using (var json = new Utf8JsonWriter(text, Output.Json with { Indented = false }))
            {
                json.WriteStartObject();
                foreach (var (name, _, value) in Entries) json.WriteString(name, value);
                json.WriteEndObject();
            }
            return Encoding.UTF8.GetString(text.ToArray());
        }
    }

    /// <summary>As a text for people.</summary>
    public string Readme => $"接通 Jietong\n\n{string.Concat(Entries.Select(e => $"{e.Zh} {e.Name}: {e.Value}\n"))}";

    private static string Day(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);
}
