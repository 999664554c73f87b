using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Gaps;
using Jietong.Geodata.Register;
using Npgsql;

namespace Jietong.Services.Gaps;

/// <summary>
/// Gaps as rows of register files, for a pull request or for JIETONG_REGISTER. The road data tell a position and never a stage, so a proposed link has no attestation, and no list shows
/// it until somebody adds the first one, from a source that may tell. What stands in the files stays as it is; rows are added behind it.
/// </summary>
internal static class GapProposal
{
    private const string Links = "links.geojson", EmptyCollection = "{\n\"type\": \"FeatureCollection\",\n\"features\": [\n]\n}\n";
    private const double DrawnMetres = 15;   // what lines of a street map are off, at most (their sources: aerial pictures)

    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="db">The region.</param>
    /// <param name="gaps">Those that are proposed.</param>
    /// <param name="sides">The adcodes of the outer side and of Shanghai's; null: found in the boundaries of the data.</param>
    /// <param name="folder">Of register files; is made where it is not there.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The ids of links that were added; those that were there already are not.</returns>
    /// <exception cref="InputException">A side's jurisdiction is not known, or the folder holds no register. Nothing was written.</exception>
    public static async Task<List<string>> Write(NpgsqlDataSource db, IReadOnlyList<(GapRow Row, Candidate Gap)> gaps, IReadOnlyList<string>? sides, string folder, CancellationToken cancel)
    {
        var adcodes = sides is not null ? [.. gaps.SelectMany(_ => sides.Cast<string?>())] : await SidesOfGaps.Adcodes(db, [.. gaps.SelectMany(g => new[] { g.Gap.Line[0], g.Gap.Line[^1] }).Select(p => (p.X, p.Y))], cancel);
        if (adcodes.IndexOf(null) is >= 0 and var unknown)
            throw new InputException($"--propose: no imported boundary with an adcode closes around an end of {gaps[unknown / 2].Row.Id}. Name both sides: --sides OUTER,SHANGHAI as adcodes, like 320583,310118.");
        var (jurisdictions, sources) = await SidesOfGaps.Rows(db, [.. adcodes.OfType<string>().Distinct()], [.. gaps.SelectMany(g => new[] { g.Row.DatasetA, g.Row.DatasetB }).Distinct().Select(d => $"import-{d}")], cancel);
        if (adcodes.FirstOrDefault(a => !jurisdictions.ContainsKey(a!)) is { } missing) throw new InputException($"--propose: the register has no jurisdiction {missing}: add it to jurisdictions.csv first.");

        var files = Read(folder);
        var there = JsonNode.Parse(files[Links])!["features"]!.AsArray().Select(f => (string?)f!["id"]).ToHashSet();
        var added = new List<string>();
        foreach (var ((row, gap), i) in gaps.Select((g, i) => (g, i)))
        {
            if (!there.Add(row.Id)) continue;
            added.Add(row.Id);
            string[] pair = [adcodes[2 * i]!, adcodes[2 * i + 1]!];
            var isTurned = pair[0].StartsWith("31", StringComparison.Ordinal) && !pair[1].StartsWith("31", StringComparison.Ordinal);   // b is Shanghai's side
            var ends = new[] { (Adcode: pair[0], Street: gap.A), (Adcode: pair[1], Street: gap.B) };
            if (isTurned) Array.Reverse(ends);
            var place = $"street {row.StreetA}{(row.StreetB == row.StreetA ? "" : $"; {row.StreetB}")}";
            files[Links] = WithFeature(files[Links], Feature(row, gap, [.. ends.Select(e => jurisdictions[e.Adcode])], place));
            foreach (var (end, (adcode, street)) in ends.Index())
                files["sides.csv"] += Csv([row.Id, end == 0 ? "a" : "b", adcode, "", "", street.Name ?? street.Ref ?? "", street.NameEn ?? "", "", "", $"import-{street.Dataset}", $"street {street.Id}", "", ""]);
        }
        Add("jurisdictions.csv", jurisdictions.Values);
        Add("sources.csv", sources.Values);
        Save(folder, files);
        return added;

        void Add(string file, IEnumerable<string[]> rows)
        {
            foreach (var row in rows)
                if (!files[file].Contains($"\n{row[0]},", StringComparison.Ordinal)) files[file] += Csv(row);
        }
    }

    private static Dictionary<string, string> Read(string folder)
    {
        var shipped = Directory.EnumerateFiles(Load.ShippedFolder).Select(f => Path.GetFileName(f)).Where(f => f.EndsWith(".csv", StringComparison.Ordinal) || f.EndsWith(".geojson", StringComparison.Ordinal));
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
            return shipped.ToDictionary(f => f, f => f.EndsWith(".geojson", StringComparison.Ordinal) ? EmptyCollection : File.ReadLines(Path.Combine(Load.ShippedFolder, f)).First() + "\n");
        string[] needed = [Links, "sides.csv", "sources.csv", "jurisdictions.csv"];
        if (needed.FirstOrDefault(f => !File.Exists(Path.Combine(folder, f))) is { } absent) throw new InputException($"--propose: {folder} holds no register, {absent} is missing: name a copy of geodata/data, or a folder that is not there yet.");
        var files = needed.ToDictionary(f => f, f => File.ReadAllText(Path.Combine(folder, f)));
        foreach (var file in needed.Skip(1)) if (!files[file].EndsWith('\n')) files[file] += "\n";
        try { _ = JsonNode.Parse(files[Links])!["features"]!.AsArray(); }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException) { throw new InputException($"--propose: {Path.Combine(folder, Links)} is no FeatureCollection."); }
        return files;
    }

    /// <summary>Beside the files first, then all in their places.</summary>
    private static void Save(string folder, Dictionary<string, string> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, text) in files) File.WriteAllText(Path.Combine(folder, file + ".part"), text, new UTF8Encoding(false));
        foreach (var file in files.Keys) File.Move(Path.Combine(folder, file + ".part"), Path.Combine(folder, file), overwrite: true);
    }

    private static string WithFeature(string collection, JsonObject feature)
    {
        var end = collection.LastIndexOf(']');
        var before = collection[..end].TrimEnd();
        return $"{before}{(before.EndsWith('[') ? "" : ",")}\n{feature.ToJsonString(Json)}\n{collection[end..]}";
    }

    private static JsonObject Feature(GapRow row, Candidate gap, string[][] sides, string place)
    {
        var barred = row.Kind == "barred";
        string Position(At p) => string.Create(CultureInfo.InvariantCulture, $"[{p.X:0.0000000},{p.Y:0.0000000}]");
        var (a, b) = (gap.Line[0], gap.Line[^1]);
        // No source shows the line of a road that is not there: its point is the middle, its radius holds both ends.
        var geometry = barred ? $$"""{"type":"MultiLineString","coordinates":[[{{string.Join(",", gap.Line.Select(Position))}}]]}""" : $$"""{"type":"Point","coordinates":{{Position(new((a.X + b.X) / 2, (a.Y + b.Y) / 2))}}}""";
        string Name(string? one, string? other, string unnamed) => one == other ? one ?? unnamed : $"{one ?? unnamed}—{other ?? unnamed}";
        var way = row.NetworkMetres is { } metres ? (Zh: $"沿现有道路 {metres / 1000:0.0} 千米", En: $"{metres / 1000:0.0} km by the streets there are") : (Zh: "路网不通", En: "no way by the streets there are");
        return new()
        {
            ["type"] = "Feature", ["id"] = row.Id, ["geometry"] = JsonNode.Parse(geometry),
            ["properties"] = new JsonObject
            {
                ["nameZh"] = Name(gap.A.Name ?? gap.A.Ref, gap.B.Name ?? gap.B.Ref, "无名路"), ["nameEn"] = Name(gap.A.NameEn ?? gap.A.Name ?? gap.A.Ref, gap.B.NameEn ?? gap.B.Name ?? gap.B.Ref, "unnamed road"), ["otherNames"] = new JsonArray(),
                ["kind"] = "road", ["nature"] = barred ? "blocked" : "missing", ["areaZh"] = string.Join("、", sides.Select(s => s[1]).Distinct()), ["areaEn"] = string.Join(", ", sides.Select(s => s[2]).Distinct()),
                ["accuracyMetres"] = barred ? DrawnMetres : Math.Ceiling(row.Metres / 2 + DrawnMetres), ["accuracyKind"] = barred ? "mapped" : "estimated",
                ["positionSources"] = new JsonArray([.. new[] { row.DatasetA, row.DatasetB }.Distinct().Select(d => (JsonNode)$"import-{d}")]),
                ["positionNoteZh"] = barred ? $"路网数据所示的隔离处：{row.BarredBy}；{way.Zh}。" : $"路网数据所示两路端之间，直线 {row.Metres:0} 米；{way.Zh}。", ["positionNoteEn"] = barred ? $"Where the road data show it barred: {row.BarredBy}; {way.En}." : $"Between two road ends that the road data show, {row.Metres:0} m straight; {way.En}.",
                ["sourceId"] = $"import-{row.DatasetA}", ["place"] = place, ["noteZh"] = "由路网数据发现；数据只说明位置，其阶段须另有来源证实。", ["noteEn"] = "Found in the road data, which tell a position and no stage: that takes another source.",
            },
        };
    }

    private static string Csv(IEnumerable<string> cells) => string.Join(',', cells.Select(c => c.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : c)) + "\n";
}
