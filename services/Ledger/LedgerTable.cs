namespace Jietong.Services.Ledger;

/// <summary>A cell as a person filled it in.</summary>
/// <param name="Text">What it says, blanks around it dropped.</param>
/// <param name="Problem">Why it cannot be read as it stands; null where it can.</param>
internal sealed record LedgerCell(string Text, string? Problem = null)
{
    public static readonly LedgerCell Empty = new("");
}

/// <summary>A row of a file that was handed back.</summary>
/// <param name="Place">Where it stands, as its writer finds it.</param>
/// <param name="Cells">By the letter of the column.</param>
internal sealed record LedgerRow(string Place, IReadOnlyDictionary<string, LedgerCell> Cells);

/// <summary>A file that was handed back, of whichever form: headings by the letter of their column, and the rows below.</summary>
internal sealed record LedgerTable(IReadOnlyDictionary<string, string> Headings, IReadOnlyList<LedgerRow> Rows)
{
    /// <summary>More rows than any ledger has: a file of another kind.</summary>
    public const int MostRows = 10_000;

    /// <summary>A, B … Z, AA …</summary>
    public static string Letter(int number) => number <= 26 ? ((char)('A' + number - 1)).ToString() : Letter((number - 1) / 26) + Letter((number - 1) % 26 + 1);
}
