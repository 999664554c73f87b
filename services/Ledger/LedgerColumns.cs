using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jietong.Geodata.Register;

namespace Jietong.Services.Ledger;

/// <summary>A column of the ledger (台账): what the register says of a link, or an empty cell in which a person says something new.</summary>
/// <param name="Zh">Chinese heading.</param>
/// <param name="En">English heading.</param>
/// <param name="Width">In characters of the sheet.</param>
internal sealed partial record LedgerColumn(string Zh, string En, double Width)
{
    /// <summary>What it shows of a link; null where it is filled in.</summary>
    public Func<IReadOnlyDictionary<string, object?>, string?>? Shows { get; init; }

    /// <summary>The field of an attestation that its cells are read into; null where they are only looked at.</summary>
    public string? Field { get; init; }

    /// <summary>The words that may be chosen, each with the code that it stands for; none where anything may be written.</summary>
    public IReadOnlyList<(string? Code, string Word)> Choices { get; init; } = [];

    public bool IsKey => Field == LedgerColumns.Key;
    public bool IsFilledIn => Shows is null;

    /// <summary>A person may have joined the two lines of a heading, or kept one of them.</summary>
    public bool IsCalled(string heading) => Blanks().Replace(heading, "") is var bare && new[] { Zh + En, Zh, En }.Any(name => bare.Equals(Blanks().Replace(name, ""), StringComparison.OrdinalIgnoreCase));

    /// <summary>The code of a chosen word: as the list has it, its Chinese or English part, or the code itself. Null where it is none of them.</summary>
    public (string? Code, string Word)? Chosen(string text) => Choices.Where(c => c.Word.Split(' ', 2).Append(c.Word).Append(c.Code)
        .Any(w => w is not null && Blanks().Replace(w, "").Equals(Blanks().Replace(text, ""), StringComparison.OrdinalIgnoreCase))).Cast<(string?, string)?>().FirstOrDefault();

    [GeneratedRegex(@"[\s_]+")] private static partial Regex Blanks();
}

/// <summary>The one list of the ledger's columns: written from it, and read back by it.</summary>
internal static class LedgerColumns
{
    public const string Key = "linkId", Sheet = "台账 Ledger";

    public static readonly IReadOnlyList<LedgerColumn> All =
    [
        new("通道编号", "Link id", 14) { Shows = l => (string?)l["id"], Field = Key },
        new("通道", "Link", 34) { Shows = l => (string?)l["nameZh"] },
        new("英文名", "Name", 34) { Shows = l => (string?)l["nameEn"] },
        new("类别", "Kind", 14) { Shows = l => $"{Words.Both((string?)l["kind"])}\n{Words.Both((string?)l["nature"])}" },
        new("区域", "Area", 20) { Shows = l => (string?)l["area"] },
        new("两侧", "Sides", 34) { Shows = Sides },
        new("现状态", "State", 16) { Shows = l => Words.Both((string?)l["state"]) },
        new("现阶段", "Stage", 22) { Shows = l => Words.Both((string?)l["stage"]) },
        new("最近证实日", "Attested on", 13) { Shows = l => l["attestedOn"] is DateOnly day ? day.ToString("O", CultureInfo.InvariantCulture) : null },
        new("现来源", "Source", 22) { Shows = l => (string?)l["source"] },
        new("现依据", "Basis", 14) { Shows = l => Words.Both((string?)l["basis"]) },
        new("新阶段", "New stage", 22) { Field = "stage", Choices = [.. Stages.All.Select(s => (s, Words.Both(s))), ("open", "通车 open")] },
        new("哪一侧", "Which side", 18) { Field = "side", Choices = [(null, "整条 whole"), ("a", "甲侧（对侧） a"), ("b", "乙侧（上海） b")] },
        new("自何时", "Held from", 14) { Field = "heldFrom" },
        new("来源编号", "Source id", 26) { Field = "sourceId" },
        new("出处位置", "Place in the source", 24) { Field = "place" },
        new("依据", "New basis", 16) { Field = "basis", Choices = [("stated", Words.Both("stated")), ("reported", Words.Both("reported"))] },
        new("新备注", "Note", 34) { Field = "noteZh" },
    ];

    public static LedgerColumn Of(string field) => All.First(c => c.Field == field);

    private static string Sides(IReadOnlyDictionary<string, object?> link) => string.Join('\n', JsonDocument.Parse((string)link["Sides"]!).RootElement.EnumerateArray()
        .OrderBy(s => s.GetProperty("side").GetString(), StringComparer.Ordinal)
        .Select(s => $"{s.GetProperty("side")}: {string.Join(' ', new[] { Text(s.GetProperty("Jurisdiction"), "nameZh"), Text(s, "townZh"), Text(s, "roadNameZh") }.Where(t => t != ""))}"));

    private static string Text(JsonElement row, string name) => row.ValueKind == JsonValueKind.Object && row.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}
