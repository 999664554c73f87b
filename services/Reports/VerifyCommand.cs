using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Services.Cli;
using Jietong.Services.Model;
using Npgsql;

namespace Jietong.Services.Reports;

/// <summary>Does a report still hold? Reruns it from its own inputs, and holds those against the data of today.</summary>
internal static class VerifyCommand
{
    private const int LinesShown = 20;
    private static readonly Argument<string> File = new("report") { Description = "The .html or .json that ./run report wrote 报告文件" };

    public static Command Define()
    {
        var command = new Command("verify", "Rerun a report and say what changed 复核报告 (exit code 1: something did)") { File };
        command.SetAction(Answer);
        return command;
    }

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var file = asked.GetValue(File)!;
        if (!System.IO.File.Exists(file)) throw new InputException($"There is no file {file}.");
        if (Path.GetExtension(file) == ".csv") throw new InputException($"{file}: a CSV holds numbers only; verify the .html or .json of the same hash.");
        var text = await System.IO.File.ReadAllTextAsync(file, cancel);
        var kept = Report.Read(text, file);
        if (!kept.IsIntact) throw new InputException($"{file}: the hash {kept.Hash} is not that of what the file holds: it was changed after it was written.");
        await using var db = await CommandLine.OpenDatabase(cancel);
        var isReproduced = await Rerun(kept, text, file, db, cancel);
        var (today, version) = await ModelInput.Read(db, kept.Request.AsOf, kept.Request.KnownBy, kept.Request.TravelMode, cancel);
        var data = Differences(Json(kept.Input), Json(today));
        Tell("输入与当前数据 inputs against the data of now", data, $"数据版本 data version {kept.DataVersion} → {version}");
        if (data.Count == 0) return isReproduced ? 0 : CommandLine.Failed;

        try
        {
            var now = Report.Of(kept.Request, today, version.ToString(), cancel);
            Tell("由当前数据重算 rerun from the data of now", Differences(Json(kept.Results.Summary), Json(now.Results.Summary)), $"哈希 hash {now.Hash}");
        }
        catch (InputException e) { Console.WriteLine($"由当前数据不能再这样问 cannot be asked of the data of now：{e.Message}"); }
        return CommandLine.Failed;
    }

    /// <summary>Computes it anew from its own inputs, and draws its page anew. Streets are not inside it: without them it cannot be done.</summary>
    /// <returns>Whether both came out as they are.</returns>
    private static async Task<bool> Rerun(Report kept, string text, string file, NpgsqlDataSource db, CancellationToken cancel)
    {
        var input = kept.Input.Streets is null ? kept.Input : await kept.Input.WithStreetsOf(db, cancel);
        if (input is null)
        {
            Console.WriteLine($"完整 intact · 哈希 hash {kept.Hash}");
            Console.WriteLine($"由自身输入重算 rerun from its own inputs：不能 cannot be done · 所据路网已不在库中，或已换新 the streets that it was computed on are no longer in the database, or newer ones are: {string.Join(", ", kept.Input.Streets!.Datasets.Select(d => $"{d.Id} ({d.FileName}, {d.ContentHash})"))}. 重新导入同一文件即可复核 Import the same files again to verify it.");
            return false;
        }
        var rerun = Report.Of(kept.Request, input, kept.DataVersion, cancel);
        var isPage = text.TrimStart().StartsWith('<');
        var isReproduced = !isPage || ReportPage.Write(rerun with { ProgramVersion = kept.ProgramVersion, Hash = kept.Hash }) == text.ReplaceLineEndings("\n");
        if (!isReproduced && rerun.ProgramVersion == kept.ProgramVersion && rerun.Hash == kept.Hash)
            throw new InputException($"{file}: the page shows something else than the report that it holds: it was changed after it was written. Write it anew from the same data, or trust what verify reruns only.");
        if (!isReproduced) Console.WriteLine("页面未核对：由另一版程序写成，只核对其内含的报告 The page itself is not checked: another build wrote it; only the report inside is.");
        Console.WriteLine($"完整 intact · 哈希 hash {kept.Hash}");
        var program = Differences(Json(kept.Results), Json(rerun.Results));
        Tell("由自身输入重算 rerun from its own inputs", program, $"程序 program {kept.ProgramVersion} → {rerun.ProgramVersion}");
        return isReproduced && program.Count == 0;
    }

    private static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, ModelInput.Json);

    private static void Tell(string what, List<string> differences, string context)
    {
        Console.WriteLine(differences.Count == 0 ? $"{what}：一致 the same" : $"{what}：{differences.Count} 处不同 differences · {context}");
        foreach (var line in differences.Take(LinesShown)) Console.WriteLine($"  {line}");
        if (differences.Count > LinesShown) Console.WriteLine($"  … 另有 and {differences.Count - LinesShown} more");
    }

    /// <summary>Where two documents differ, by path; rows of a list are matched by their id where they have one.</summary>
    internal static List<string> Differences(JsonNode? before, JsonNode? after, string path = "")
    {
        if (JsonNode.DeepEquals(before, after)) return [];
        if (before is JsonObject a && after is JsonObject b)
            return [.. a.Select(p => p.Key).Union(b.Select(p => p.Key)).SelectMany(k => Differences(a[k], b[k], path == "" ? k : $"{path}.{k}"))];
        if (before is JsonArray rowsBefore && after is JsonArray rowsAfter && rowsBefore.Concat(rowsAfter).All(r => r is JsonObject))
        {
            var (x, y) = (ByName(rowsBefore), ByName(rowsAfter));
            return [.. x.Keys.Union(y.Keys).SelectMany(k => (x.GetValueOrDefault(k), y.GetValueOrDefault(k)) switch
            {
                (null, _) => [$"{path} + {k}"],
                (_, null) => [$"{path} − {k}"],
                var (p, q) => Differences(p, q, $"{path} {k}"),
            })];
        }
        return [$"{path}: {Short(before)} → {Short(after)}"];
    }

    /// <summary>Rows by what names them; rows without a name by their content.</summary>
    private static Dictionary<string, JsonNode?> ByName(JsonArray rows) => rows.GroupBy(r => Name(r!.AsObject())).SelectMany(g => g.Select((row, i) => (Key: i == 0 ? g.Key : $"{g.Key} #{i + 1}", row)))
        .ToDictionary(r => r.Key, r => r.row);

    private static string Name(JsonObject row)
    {
        string[] names = ["id", "input", "adcode", "lineId", "fromLineId", "from", "toLineId", "to", "event", "side", "nameZh", "year", "fromMinutes"];
        return string.Join(' ', (row["id"] is null ? names : names[..1]).Select(n => row[n]).OfType<JsonValue>().Select(v => v.ToString()));
    }

    private static string Short(JsonNode? node) => node?.ToJsonString(ModelInput.Json) is { } text ? text.Length > 60 ? text[..57] + "…" : text : "—";
}
