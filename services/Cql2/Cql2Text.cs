using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Cql2;

/// <summary>Reads CQL2 text by the rules of the standard's grammar, each a method. Whether types fit is not asked here: a list, a number and a condition in parentheses look alike.</summary>
internal sealed partial class Cql2Text
{
    private static readonly HashSet<string> Reserved = new(["and", "or", "not", "like", "between", "in", "is", "null", "div"], StringComparer.OrdinalIgnoreCase);

    private readonly List<Token> tokens;
    private int next, depth;

    private Cql2Text(string filter) => tokens = Token.All(filter);

    public static Syntax Read(string filter)
    {
        var text = new Cql2Text(filter);
        var whole = text.Any();
        return text.Next.Kind == TokenKind.End ? whole : throw text.Unexpected("AND, OR or the end");
    }

    private Token Next => tokens[next];

    private Token After => tokens[Math.Min(next + 1, tokens.Count - 1)];

    private Token Take() => tokens[next < tokens.Count - 1 ? next++ : next];

    private bool TakeSign(string sign) => Next.Is(sign) && Take() is var _;

    private bool TakeWord(string word) => Next.IsWord(word) && Take() is var _;

    private void Need(string sign)
    {
        if (!TakeSign(sign)) throw Unexpected(sign);
    }

    private InputException Unexpected(string wanted) => Syntax.Wrong(Next.At, $"here stands {Next}; wanted is {wanted}.");

    /// <summary>Whatever may recurse counts how deep, so that no filter outgrows the stack.</summary>
    private T Deeper<T>(Func<T> read)
    {
        if (++depth > SqlWriter.DeepestNesting) throw Syntax.Wrong(Next.At, $"the filter is nested more than {SqlWriter.DeepestNesting} deep.");
        var result = read();
        depth--;
        return result;
    }

    private Syntax Any() => Deeper(() => Chain("or", () => Chain("and", Negation)));

    private Syntax Chain(string word, Func<Syntax> part)
    {
        var parts = new List<Syntax> { part() };
        var at = Next.At;
        while (TakeWord(word)) parts.Add(part());
        return parts.Count == 1 ? parts[0] : new Applied(at, word, parts);
    }

    private Syntax Negation()
    {
        var at = Next.At;
        return TakeWord("not") ? Deeper(() => new Applied(at, "not", [Negation()])) : Predicate();
    }

    private Syntax Predicate()
    {
        var left = Sum();
        var (at, negated) = (Next.At, Next.IsWord("not") && (After.IsWord("like") || After.IsWord("between") || After.IsWord("in")) && Take() is var _);
        if (Next is { Kind: TokenKind.Sign, Text: "=" or "<>" or "<" or "<=" or ">" or ">=" }) return new Applied(at, Take().Text, [left, Sum()]);
        if (TakeWord("is")) return IsNull(at, left);
        Applied predicate;
        if (TakeWord("like")) predicate = new(at, "like", [left, Sum()]);
        else if (TakeWord("between"))
        {
            var low = Sum();
            if (!TakeWord("and")) throw Unexpected("AND");
            predicate = new(at, "between", [left, low, Sum()]);
        }
        else if (TakeWord("in")) predicate = new(at, "in", [left, new Values(Next.At, Listed())]);
        else return left;
        return negated ? new Applied(at, "not", [predicate]) : predicate;
    }

    private Applied IsNull(string at, Syntax left)
    {
        var negated = TakeWord("not");
        if (!TakeWord("null")) throw Unexpected("NULL");
        var isNull = new Applied(at, "isnull", [left]);
        return negated ? new(at, "not", [isNull]) : isNull;
    }

    private Syntax Sum() => Left(Product, () => Next is { Kind: TokenKind.Sign, Text: "+" or "-" });

    private Syntax Product() => Left(Power, () => Next is { Kind: TokenKind.Sign, Text: "*" or "/" or "%" } || Next.IsWord("div"));

    /// <summary>Operators that take from left to right: each makes the tree deeper.</summary>
    private Syntax Left(Func<Syntax> part, Func<bool> isOperator)
    {
        var result = part();
        for (var n = 1; isOperator(); n++)
        {
            if (n == SqlWriter.DeepestNesting) throw Syntax.Wrong(Next.At, $"more than {SqlWriter.DeepestNesting} operators in a row.");
            var sign = Take();
            result = new Applied(sign.At, sign.Text.ToLowerInvariant(), [result, part()]);
        }
        return result;
    }

    private Syntax Power()
    {
        var factor = Factor();
        var at = Next.At;
        return TakeSign("^") ? new Applied(at, "^", [factor, Factor()]) : factor;
    }

    private Syntax Factor()
    {
        var at = Next.At;
        if (TakeSign("-")) return Next.Kind == TokenKind.Number ? Scalar.Number(at, "-" + Take().Text) : new Applied(at, "*", [new Scalar(at, -1L), Primary()]);
        if (After.Kind == TokenKind.Number) TakeSign("+");
        return Primary();
    }

    private Syntax Primary()
    {
        var token = Next;
        switch (token.Kind)
        {
            case TokenKind.Number: return Scalar.Number(token.At, Take().Text);
            case TokenKind.Text: return Scalar.Text(token.At, Take().Text);
            case TokenKind.QuotedName: return new PropertyName(token.At, Take().Text);
            case TokenKind.Sign when token.Text == "(": return Parenthesis();
            case TokenKind.Name when !Reserved.Contains(token.Text):
                if (token.IsWord("true") || token.IsWord("false")) return new Scalar(Take().At, token.IsWord("true"));
                Take();
                return Next.Is("(") || IsGeometry(token) ? Called(token) : new PropertyName(token.At, token.Text);
            default: throw Unexpected("a value, a property, a function or a condition");
        }
    }

    /// <summary>What is in parentheses, or, where it is none or several, a list.</summary>
    private Syntax Parenthesis()
    {
        var at = Next.At;
        var items = Listed();
        return items is [var one] ? one : new Values(at, items);
    }

    private List<Syntax> Listed(bool ofLists = false)
    {
        Need("(");
        var items = new List<Syntax>();
        while (!Next.Is(")"))
        {
            if (items.Count == Cql2Filter.MostListed) throw Syntax.Wrong(Next.At, $"a list of more than {Cql2Filter.MostListed} values.");
            if (items.Count > 0 && !TakeSign(",")) throw Unexpected(", or )");
            items.Add(ofLists && Next.Is("(") ? new Values(Next.At, Listed()) : Any());
        }
        Need(")");
        return items;
    }

    private Syntax Called(Token name)
    {
        var word = name.Text.ToLowerInvariant();
        return word switch
        {
            "date" or "timestamp" when After.Kind == TokenKind.Text => Instant(name, word),
            "interval" => Between(name),
            "bbox" => Corners(name),
            _ when IsGeometry(name) => Geometry(name),
            _ => new Applied(name.At, name.Text, Listed(ofLists: word.StartsWith("a_", StringComparison.Ordinal))),
        };
    }

    private Scalar Instant(Token name, string word)
    {
        Need("(");
        var text = Take();
        Need(")");
        return word == "date" ? Scalar.Day(text.At, text.Text) : Scalar.Time(text.At, text.Text);
    }

    private Interval Between(Token name)
    {
        Need("(");
        var start = End();
        Need(",");
        var interval = new Interval(name.At, start, End());
        Need(")");
        return interval;
    }

    private Syntax? End() => Next.Kind != TokenKind.Text ? Any() : Take() is { Text: not ".." } text ? Scalar.Instant(text.At, text.Text) : null;
}
