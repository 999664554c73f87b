using System.Text;
using System.Text.Json.Nodes;
using Jietong.Geodata.Register;

namespace Jietong.Worlds;

/// <summary>A small register, drawn in a few lines and written as the files that a person would review. Its links are invented; nothing of it ships.</summary>
public sealed class RegisterWorld
{
    public static readonly IReadOnlyDictionary<string, string> Headers = new Dictionary<string, string>
    {
        ["sources.csv"] = "id,grade,title,titleEn,publisher,published,url,documentNo,gatheredOn,noteZh,noteEn",
        ["jurisdictions.csv"] = "adcode,nameZh,nameEn,level,parentAdcode",
        ["lists.csv"] = "id,nameZh,nameEn,itemCount,sourceId,place,noteZh,noteEn",
        ["references.csv"] = "linkId,listId,item,sourceId,place,noteZh,noteEn",
        ["sides.csv"] = "linkId,side,adcode,townZh,townEn,roadNameZh,roadNameEn,unitZh,unitEn,sourceId,place,noteZh,noteEn",
        ["units.csv"] = "linkId,role,unitZh,unitEn,sourceId,place",
        ["design_values.csv"] = "linkId,side,quantity,value,text,sourceId,place,noteZh,noteEn",
        ["attestations.csv"] = "id,linkId,side,stage,heldFrom,heldTo,basis,premisesZh,premisesEn,sourceId,place,supersedes,withdrawn,noteZh,noteEn",
        ["targets.csv"] = "id,linkId,side,stage,due,basis,premisesZh,premisesEn,sourceId,place,noteZh,noteEn",
        ["claims.csv"] = "id,listId,statementZh,statementEn,stage,countDone,countTotal,asOf,kind,comparableListId,comparableKind,sourceId,place,noteZh,noteEn",
        ["places.csv"] = "id,nameZh,nameEn,kind,adcode,longitude,latitude,accuracyMetres,accuracyKind,positionSourceId,positionPlace,population,populationYear,populationSourceId,noteZh,noteEn",
        ["county_populations.csv"] = "adcode,year,population,sourceId,place",
        ["assumptions.csv"] = "id,nameZh,nameEn,value,low,high,unit,ours,sourceId,place,noteZh,noteEn",
        ["lines.csv"] = "id,nameZh,nameEn,kind,fromStop,toStop,lengthMetres,validFrom,linkId,sharesPlatformsWith,sourceId,noteZh,noteEn",
        ["line_sections.csv"] = "lineId,fromStop,toStop,event,validFrom,validTo,sourceId,place,noteZh,noteEn",
        ["stops.csv"] = "lineId,seq,nameZh,nameEn,longitude,latitude,accuracyMetres,positionSourceId,adcode,noteZh,noteEn",
        ["run_times.csv"] = "lineId,fromStop,toStop,assumptionId",
        ["services.csv"] = "id,lineId,fromStop,toStop,calls,headwayAssumptionId,boardingAssumptionId,noteZh,noteEn",
        ["transfers.csv"] = "fromLineId,fromStop,toLineId,toStop,assumptionId",
    };

    private readonly Dictionary<string, List<string>> rows = Headers.Keys.ToDictionary(file => file, _ => new List<string>());
    private readonly JsonArray features = [], roads = [];

    public RegisterWorld()
    {
        Row("jurisdictions.csv", "320583,昆山,Kunshan,county,");
        Row("jurisdictions.csv", "310118,青浦,Qingpu,county,");
        Source("map", "DATA", "2026-07");
    }

    public RegisterWorld Row(string file, string row)
    {
        rows[file].Add(row);
        return this;
    }

    public RegisterWorld Source(string id, string grade, string published) => Row("sources.csv", $"{id},{grade},题 {id},Title {id},,{published},,,,,");

    /// <summary>A link with its two sides, whose roads may be named. <paramref name="geometry"/>: GeoJSON, or null for a service.</summary>
    public RegisterWorld Link(string id, string namedBy, string kind = "road", string nature = "missing", string? geometry = """{"type":"Point","coordinates":[121,31]}""", string roadA = "", string roadB = "")
    {
        features.Add(new JsonObject
        {
            ["type"] = "Feature", ["id"] = id, ["geometry"] = geometry is null ? null : JsonNode.Parse(geometry),
            ["properties"] = new JsonObject
            {
                ["nameZh"] = $"路 {id}", ["nameEn"] = $"Road {id}", ["otherNames"] = new JsonArray(), ["kind"] = kind, ["nature"] = nature, ["areaZh"] = "省界", ["areaEn"] = "border",
                ["accuracyMetres"] = geometry is null ? null : 30, ["accuracyKind"] = geometry is null ? null : "mapped", ["positionSources"] = geometry is null ? new JsonArray() : new JsonArray("map"),
                ["positionNoteZh"] = null, ["positionNoteEn"] = null, ["sourceId"] = namedBy, ["place"] = "p", ["noteZh"] = null, ["noteEn"] = null,
            },
        });
        Row("sides.csv", $"{id},a,320583,,,{roadA},,,,{namedBy},p,,");
        return Row("sides.csv", $"{id},b,310118,,,{roadB},,,,{namedBy},p,,");
    }

    public RegisterWorld Attest(string id, string link, string stage, string heldFrom, string source, string side = "", string basis = "reported", string heldTo = "", string supersedes = "", bool withdrawn = false) =>
        Row("attestations.csv", $"{id},{link},{side},{stage},{heldFrom},{heldTo},{basis},,,{source},p,{supersedes},{(withdrawn ? "true" : "false")},,");

    /// <summary>A road along the positions, from the first to the last; with <paramref name="crossing"/> it goes on there into that province.</summary>
    public RegisterWorld Road(string id, string coordinates, string roadClass = "class2", string adcode = "310118", string? crossing = null, string? link = null, string? validFrom = null)
    {
        roads.Add(new JsonObject
        {
            ["type"] = "Feature", ["id"] = id, ["geometry"] = JsonNode.Parse($$"""{"type":"LineString","coordinates":{{coordinates}}}"""),
            ["properties"] = new JsonObject
            {
                ["nameZh"] = $"路 {id}", ["nameEn"] = $"Road {id}", ["ref"] = null, ["class"] = roadClass, ["adcode"] = adcode, ["crossingAdcode"] = crossing, ["crossingBasis"] = crossing is null ? null : "inferred",
                ["accuracyMetres"] = 30, ["accuracyKind"] = "digitised", ["sourceId"] = "map", ["place"] = "p", ["linkId"] = link, ["validFrom"] = validFrom, ["validTo"] = null, ["noteZh"] = null, ["noteEn"] = null,
            },
        });
        return this;
    }

    public JsonObject Feature(string id) => features.Select(f => f!.AsObject()).First(f => (string)f["id"]! == id);

    /// <summary>Writes the files into a new folder.</summary>
    public string Write()
    {
        var folder = Directory.CreateTempSubdirectory("jietong-world-").FullName;
        foreach (var (file, lines) in rows) File.WriteAllText(Path.Combine(folder, file), Headers[file] + "\n" + string.Concat(lines.Select(l => l + "\n")), new UTF8Encoding(false));
        foreach (var (file, list) in new[] { ("links.geojson", features), ("roads.geojson", roads) })
            File.WriteAllText(Path.Combine(folder, file), new JsonObject { ["type"] = "FeatureCollection", ["features"] = list.DeepClone() }.ToJsonString());
        return folder;
    }

    public async Task<TestDatabase> Load()
    {
        var (database, folder) = (await TestDatabase.Create(), Write());
        await Geodata.Register.Load.Once(database.Db, folder);
        Directory.Delete(folder, recursive: true);
        return database;
    }
}
