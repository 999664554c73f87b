using System.Text;

namespace Jietong.Services.Cql2;

internal enum TokenKind { Name, QuotedName, Text, Number, Sign, End }

/// <summary>A word of CQL2 text, without quotes and escapes, and where it begins.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Index)
{
    public string At => $"character {Index + 1}";

    public bool Is(string sign) => Kind == TokenKind.Sign && Text == sign;

    /// <summary>Keywords in either case.</summary>
    public bool IsWord(string word) => Kind == TokenKind.Name && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind switch { TokenKind.End => "the end", TokenKind.Text => $"the text '{Scalar.Short(Text)}'", TokenKind.QuotedName => $"the property \"{Scalar.Short(Text)}\"", _ => Scalar.Short(Text) };

    public static List<Token> All(string filter)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < filter.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(filter[i])) { i++; continue; }
            tokens.Add(filter[i] switch
            {
                '\'' => new(TokenKind.Text, Characters(filter, ref i), start),
                '"' => new(TokenKind.QuotedName, Quoted(filter, ref i), start),
                >= '0' and <= '9' or '.' => new(TokenKind.Number, Number(filter, ref i), start),
                '<' or '>' when i + 1 < filter.Length && (filter[i + 1] == '=' || filter[i..(i + 2)] == "<>") => new(TokenKind.Sign, filter[i..(i += 2)], start),
                '<' or '>' or '=' or '(' or ')' or ',' or '+' or '-' or '*' or '/' or '%' or '^' => new(TokenKind.Sign, filter[i..++i], start),
                _ => new(TokenKind.Name, Name(filter, ref i), start),
            });
        }
        tokens.Add(new(TokenKind.End, "", filter.Length));
        return tokens;
    }

    /// <summary>'' and \' are a quote, \a … \r control characters, \\ a backslash; a backslash before anything else stays, as LIKE needs it.</summary>
    private static string Characters(string filter, ref int i)
    {
        var text = new StringBuilder();
        var start = i++;
        for (; i < filter.Length; i++)
        {
            var next = i + 1 < filter.Length ? filter[i + 1] : '\0';
            if (filter[i] == '\'')
            {
                if (next != '\'') { i++; return text.ToString(); }
                text.Append(filter[i++]);
            }
            else if (filter[i] == '\\' && @"'\abtnvfr".IndexOf(next, StringComparison.Ordinal) is >= 0 and var escaped && next != '\0')
            {
                text.Append("'\\\a\b\t\n\v\f\r"[escaped]);
                i++;
            }
            else text.Append(filter[i]);
        }
        throw Syntax.Wrong($"character {start + 1}", "the text that begins here has no end: close it with '.");
    }

    private static string Quoted(string filter, ref int i)
    {
        var (start, end) = (i, filter.IndexOf('"', i + 1));
        if (end < 0) throw Syntax.Wrong($"character {start + 1}", "the name that begins here has no end: close it with \".");
        i = end + 1;
        return filter[(start + 1)..end];
    }

    private static string Number(string filter, ref int i)
    {
        var start = i;
        Digits(filter, ref i);
        if (i < filter.Length && filter[i] == '.') { i++; Digits(filter, ref i); }
        if (filter[start..i] == ".") throw Syntax.Wrong($"character {start + 1}", "a point alone is no number.");
        if (i < filter.Length && filter[i] is 'e' or 'E')
        {
            var exponent = i + 1 < filter.Length && filter[i + 1] is '+' or '-' ? i + 2 : i + 1;
            if (exponent < filter.Length && char.IsAsciiDigit(filter[exponent])) { i = exponent; Digits(filter, ref i); }
        }
        return filter[start..i];
    }

    private static void Digits(string filter, ref int i)
    {
        while (i < filter.Length && char.IsAsciiDigit(filter[i])) i++;
    }

    private static string Name(string filter, ref int i)
    {
        var start = i;
        while (i < filter.Length && Rune.TryGetRuneAt(filter, i, out var rune) && (IsStart(rune.Value) || (i > start && IsPart(rune.Value)))) i += rune.Utf16SequenceLength;
        if (i == start) throw Syntax.Wrong($"character {start + 1}", $"{char.ConvertFromUtf32(char.ConvertToUtf32(filter, start))} cannot stand here.");
        return filter[start..i];
    }

    // The rules identifierStart and identifierPart of the standard's grammar.
    private static readonly (int First, int Last)[] Starts =
    [
        (':', ':'), ('_', '_'), ('A', 'Z'), ('a', 'z'), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFE), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
    ];

    private static bool IsStart(int rune) => Starts.Any(r => rune >= r.First && rune <= r.Last);

    private static bool IsPart(int rune) => rune is '.' or (>= '0' and <= '9') or (>= 0x300 and <= 0x36F) or (>= 0x203F and <= 0x2040);
}
