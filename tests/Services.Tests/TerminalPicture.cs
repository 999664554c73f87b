using System.Globalization;
using System.Security;
using System.Text;

namespace Jietong.Services.Tests;

/// <summary>Draws terminal output as SVG: every run of narrow or of wide (Chinese) characters is set to the width that a terminal gives it.</summary>
internal static class TerminalPicture
{
    private const double CellWidth = 7.4, LineHeight = 17, Margin = 14;

    public static string Draw(string command, string output)
    {
        string[] lines = ["$ " + command, .. output.Split('\n').Select(l => l.TrimEnd()).SkipWhile(l => l == "")];
        lines = [.. lines.Reverse().SkipWhile(l => l == "").Reverse()];
        var (width, height) = (2 * Margin + lines.Max(Cells) * CellWidth, 2 * Margin + lines.Length * LineHeight);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" viewBox=\"0 0 {width:0} {height:0}\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#16202b\"/>\n");
        svg.Append("<g font-family=\"Sarasa Mono SC, Noto Sans Mono CJK SC, Menlo, Consolas, DejaVu Sans Mono, monospace\" font-size=\"12.5\" fill=\"#dbe4ec\" xml:space=\"preserve\">\n");
        for (var i = 0; i < lines.Length; i++) Line(svg, lines[i], Margin + (i + 0.8) * LineHeight, first: i == 0);
        return svg.Append("</g>\n</svg>\n").ToString();
    }

    private static void Line(StringBuilder svg, string line, double y, bool first)
    {
        for (int start = 0, column = 0; start < line.Length;)
        {
            if (line[start] == ' ') { start++; column++; continue; }
            var end = start;
            while (end < line.Length && IsWide(line[end]) == IsWide(line[start]) && !(line[end] == ' ' && end + 1 < line.Length && line[end + 1] == ' ')) end++;
            var run = line[start..end].TrimEnd();
            var cells = Cells(run);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin + column * CellWidth:0.0}\" y=\"{y:0.0}\" textLength=\"{cells * CellWidth:0.0}\" lengthAdjust=\"spacingAndGlyphs\"{Colour(run, first)}>{SecurityElement.Escape(run)}</text>\n");
            (start, column) = (start + run.Length, column + cells);
        }
    }

    private static string Colour(string run, bool first) => first ? " fill=\"#7fd1b9\"" : run.Trim() switch
    {
        "未通" or "not open" or "逾期" => " fill=\"#ff8a80\"",
        "待核实" or "unverified" => " fill=\"#ffd479\"",
        "已通" or "open" => " fill=\"#9ccc65\"",
        [>= '━' and <= '━', ..] => " fill=\"#4a5b6c\"",
        _ => "",
    };

    private static int Cells(string text) => text.Sum(c => IsWide(c) ? 2 : 1);

    /// <summary>East Asian wide and fullwidth characters, as far as the register uses them (UAX #11).</summary>
    private static bool IsWide(char c) => c is >= '\u2E80' and <= '\uA4CF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFF60' or '\u3000';
}
