using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jietong.Geodata;
using Jietong.Geodata.Register;

namespace Jietong.Services.Ledger;

/// <summary>What a ledger that was handed back says that is new: an attestation for each row in which somebody filled something in.</summary>
/// <param name="Changes">The attestations, each with what is wrong with its cells.</param>
/// <param name="Skipped">How many rows nobody filled in.</param>
/// <param name="Headings">How the column of a field is called, with its letter.</param>
internal sealed partial record LedgerChanges(IReadOnlyList<RowChange> Changes, int Skipped, IReadOnlyDictionary<string, string> Headings)
{
    private const long MostBytes = 16 << 20;

    /// <summary>Reads .xlsx or CSV, told apart by how it begins.</summary>
    /// <exception cref="InputException">The file cannot be read, or its columns are not those of a ledger.</exception>
    public static LedgerChanges Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"--from: there is no file {path}.");
        if (new FileInfo(path).Length > MostBytes) throw new InputException($"--from: {path} is larger than {MostBytes >> 20} MB, far more than a ledger.");
        var (file, name) = (File.ReadAllBytes(path), Path.GetFileName(path));
        return Of(file switch
        {
            [] => throw new InputException($"{name} is empty."),
            [(byte)'P', (byte)'K', ..] => LedgerSheet.Read(file, name),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => throw new InputException($"{name} is an .xls of the old form, or locked with a password: save it as .xlsx without one."),
            _ => LedgerText.Read(file, name),
        }, name);
    }

    private static LedgerChanges Of(LedgerTable table, string name)
    {
        var letters = new Dictionary<LedgerColumn, string>();
        foreach (var (letter, heading) in table.Headings)
        {
            if (LedgerColumns.All.FirstOrDefault(c => c.IsCalled(heading)) is not { } column)
                throw new InputException($"{name}: column {letter} is headed \"{heading}\", which no column of the ledger is: delete it, or give it its heading back.");
            if (!letters.TryAdd(column, letter)) throw new InputException($"{name}: columns {letters[column]} and {letter} are both headed {column.Zh} {column.En}: delete one.");
        }
        if (LedgerColumns.All.FirstOrDefault(c => c.Field is "stage" or "heldFrom" or "sourceId" && !letters.ContainsKey(c)) is { } missing)
            throw new InputException($"{name}: the column {missing.Zh} {missing.En} is missing.");
        var changes = new List<RowChange>();
        var skipped = 0;
        foreach (var row in table.Rows)
        {
            if (row.Cells.FirstOrDefault(c => c.Value.Text != "" && !table.Headings.ContainsKey(c.Key)) is { Value: not null } stray) throw new InputException($"{row.Place}: column {stray.Key} has no heading, but says \"{stray.Value.Text}\": move it under a heading, or delete it.");
            LedgerCell Cell(LedgerColumn column) => letters.TryGetValue(column, out var letter) ? row.Cells.GetValueOrDefault(letter, LedgerCell.Empty) : LedgerCell.Empty;
            if (LedgerColumns.All.Where(c => c.IsFilledIn).All(c => Cell(c) is { Text: "" })) skipped++;
            else changes.Add(Change(row.Place, Cell));
        }
        return new(changes, skipped, letters.Where(l => l.Key.Field is not null).ToDictionary(l => l.Key.Field!, l => $"{l.Key.Zh} {l.Key.En}（{l.Value}）"));
    }

    private static RowChange Change(string place, Func<LedgerColumn, LedgerCell> cell)
    {
        var (cells, problems) = (new JsonObject(), new List<RowProblem>());
        foreach (var column in LedgerColumns.All.Where(c => c.Field is not null))
        {
            var (text, problem) = cell(column);
            if (problem is null && text == "" && (column.IsKey || column.Field is "stage" or "heldFrom" or "sourceId"))
                problem = column.IsKey ? "is empty: the row says of no link what it says" : "is empty: a row that is filled in needs it";
            if (problem is null && text != "" && column.Choices.Count > 0)
            {
                if (column.Chosen(text) is { } chosen) text = chosen.Code ?? "";
                else problem = $"\"{text}\" is none of {string.Join("、", column.Choices.Select(c => c.Word))}";
            }
            if (problem is not null) problems.Add(new(place, column.Field!, problem + "."));
            else if (text != "") cells[column.Field!] = column.Field == "heldFrom" ? Day(text) : text;
        }
        return new(place, "attestation", cells) { Problems = problems };
    }

    /// <summary>Days as spreadsheets and people here write them, in the register's form: 2018/6/29, 2018年6月, 2018.6. What is none is left for the register to refuse.</summary>
    private static string Day(string text)
    {
        if (Written().Match(text) is not { Success: true } date) return text;
        return string.Join('-', date.Groups.Values.Skip(1).Where(g => g.Value != "").Select(g => g.Value.PadLeft(2, '0')));
    }

    [GeneratedRegex(@"^(?<y>\d{4})\s*(?:[-/.]|年)\s*(?:(?<m>\d{1,2})\s*(?:(?:[-/.]|月)\s*(?:(?<d>\d{1,2})\s*日?)?)?)?$")] private static partial Regex Written();
}
