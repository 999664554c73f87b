using System.Text.RegularExpressions;
using Jietong.Geodata;

namespace Jietong.Services.OData;

/// <summary>Where an option's text comes apart: at a separator that stands in no quotes and no brackets.</summary>
internal static partial class ODataText
{
    /// <summary>The pieces between separators, without blanks around them.</summary>
    /// <exception cref="InputException">A bracket or a quote stays open, a piece is empty, or a bracket closes what none opened.</exception>
    public static List<string> Split(string option, string text, char separator)
    {
        var (pieces, open, begin) = (new List<string>(), new Stack<char>(), 0);
        var quote = '\0';
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : separator;
            if (i < text.Length && quote != '\0') quote = c == quote ? '\0' : quote;
            else if (i < text.Length && c is '\'' or '"') quote = c;
            else if (c is '(' or '[' or '{') open.Push(c);
            else if (c is ')' or ']' or '}')
            {
                if (!open.TryPop(out var opened) || "([{".IndexOf(opened, StringComparison.Ordinal) != ")]}".IndexOf(c, StringComparison.Ordinal)) throw new InputException($"{option}: the \"{c}\" at position {i} closes nothing in '{Short(text)}'.");
            }
            else if (c == separator && open.Count == 0)
            {
                var piece = text[begin..i].Trim();
                if (piece == "" && text.Length > 0) throw new InputException($"{option}: something is missing at position {begin} in '{Short(text)}'.");
                if (piece != "") pieces.Add(piece);
                begin = i + 1;
            }
        }
        if (quote != '\0') throw new InputException($"{option}: a {quote} is never closed in '{Short(text)}'.");
        return open.Count == 0 ? pieces : throw new InputException($"{option}: a \"{open.Peek()}\" is never closed in '{Short(text)}'.");
    }

    /// <summary>The text with the values of its parameter aliases in their places; an alias without a value is null (OData Part 2, 5.3).</summary>
    public static string WithAliases(string text, IReadOnlyDictionary<string, string> aliases) =>
        text.Contains('@', StringComparison.Ordinal) ? QuotedOrAlias().Replace(text, found => found.Value[0] == '@' ? $"{aliases.GetValueOrDefault(found.Value, "null")}" : found.Value) : text;

    [GeneratedRegex(@"'[^']*'|""[^""]*""|@[\p{L}_][\p{L}\p{N}_]*")] private static partial Regex QuotedOrAlias();

    /// <summary>ODL 7.7 reads the list of <c>in</c> as JSON, where a backslash escapes; in OData's texts it stands for itself.</summary>
    public static string WithPlainLists(string text) => text.Contains('\\', StringComparison.Ordinal) ? QuotedOrList().Replace(text, found => found.Value[0] == '\'' ? found.Value : found.Value.Replace(@"\", @"\\", StringComparison.Ordinal)) : text;

    [GeneratedRegex(@"'(?:[^']|'')*'|\bin\s*\((?:'(?:[^']|'')*'|[^()'])*\)")] private static partial Regex QuotedOrList();

    /// <summary><c>name(inside)</c> taken apart; inside is null where nothing stands in brackets.</summary>
    /// <exception cref="InputException">Something follows the closing bracket.</exception>
    public static (string Name, string? Inside) Call(string option, string text)
    {
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        if (bracket < 0) return (text, null);
        if (!text.EndsWith(')')) throw new InputException($"{option}: \")\" expected at the end of '{Short(text)}'.");
        return (text[..bracket].Trim(), text[(bracket + 1)..^1]);
    }

    public static string Short(string text) => InputException.Short(text, 200);
}
