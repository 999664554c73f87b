using FsCheck;
using FsCheck.Fluent;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Whatever comes: a filter is read or refused, never more; and nothing of it is in the SQL.</summary>
public sealed class Cql2PropertyTests
{
    private static readonly string[] Pieces =
        ["'", "''", "\"", "(", ")", ",", "=", "<", ">", "<>", "-", "+", "*", "/", "^", "%", ".", "..", "e", "E9", "999999999999999999999", "0", "1e308", "\\", "\\'", "\0", "\u0085", "\u3000", "接通", "é", "\ud83d\ude00", "\ud83d", "\ude00", "NOT ", " AND ", " OR ", " IS NULL", " IN ", " LIKE ", " BETWEEN ", "DIV", "TRUE", "NULL",
            "POINT(1 1)", "BBOX(", "BBOX(1,1,1,1)", "INTERVAL(", "'..'", "DATE('2020-01-01')", "TIMESTAMP('", "A_EQUALS(", "CASEI(", "S_INTERSECTS(", "T_AFTER(", "GEOMETRYCOLLECTION(", "name", "floors", "geometry", "tags", "parts", "built", "pool",
            "{", "}", "[", "]", ":", "{\"op\":\"not\",\"args\":[", "\"args\":", "null", "true", "{\"property\":\"name\"}", "{\"bbox\":[1,2,3,4]}", "\\ud800", "\\u0000", "{\"type\":\"Point\",\"coordinates\":[]}", "{\"interval\":[\"..\",\"..\"]}", "/**/", "--", "; drop table link", "$1", "{0}", "{t}"];

    private sealed record Mutant(bool Json, string Filter)
    {
        public override string ToString() => $"{(Json ? "json" : "text")}: {Filter}";
    }

    /// <summary>A valid filter, in which pieces are cut, put in, doubled, or taken from another.</summary>
    private static readonly Gen<Mutant> Mutants =
        from json in Gen.Elements(true, false)
        from pair in Gen.Elements(Cql2PairsTests.Pairs.ToArray())
        from other in Gen.Elements(Cql2PairsTests.Pairs.ToArray())
        from changes in Gen.NonEmptyListOf(from kind in Gen.Choose(0, 4) from at in Gen.Choose(0, 10_000) from length in Gen.Choose(1, 12) from piece in Gen.Elements(Pieces) select (kind, at, length, piece))
        select new Mutant(json, changes.Take(6).Aggregate(json ? pair.Json : pair.Text, (filter, c) => Changed(filter, c, json ? other.Json : other.Text)));

    private static string Changed(string filter, (int Kind, int At, int Length, string Piece) change, string other)
    {
        var at = filter.Length == 0 ? 0 : change.At % filter.Length;
        var length = Math.Min(change.Length, filter.Length - at);
        return change.Kind switch
        {
            0 => filter.Remove(at, length),
            1 => filter.Insert(at, change.Piece),
            2 => filter.Remove(at, length).Insert(at, change.Piece),
            3 => filter.Insert(at, filter.Substring(at, length)),
            _ => filter[..at] + other[Math.Min(other.Length, at)..],
        };
    }

    private static bool IsReadOrRefused(Mutant mutant)
    {
        try
        {
            var statement = SqlWriter.Count(new Query(Cql2PairsTests.Layer) { Filter = Cql2Filter.Read(mutant.Filter, mutant.Json, Cql2PairsTests.Layer) });
            return !statement.Text.Contains("drop", StringComparison.Ordinal) && !statement.Text.Contains('接', StringComparison.Ordinal) && !statement.Text.Contains("--", StringComparison.Ordinal);
        }
        catch (InputException e) { return e.Message.Length is > 10 and < 1_000; }
    }

    [Fact]
    public void A_mutated_filter_is_read_or_refused() =>
        Prop.ForAll(Mutants.ToArbitrary(), IsReadOrRefused).Check(Config.QuickThrowOnFailure.WithMaxTest(40_000).WithReplay(20_260_611, 1_122_333));

    /// <summary>Noise of such pieces, of characters, of bytes.</summary>
    [Fact]
    public void Noise_is_read_or_refused()
    {
        var noise = from json in Gen.Elements(true, false) from pieces in Gen.ListOf(Gen.OneOf(Gen.Elements(Pieces), ArbMap.Default.GeneratorFor<char>().Select(c => c.ToString()))) select new Mutant(json, string.Concat(pieces));
        Prop.ForAll(noise.ToArbitrary(), IsReadOrRefused).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithReplay(20_260_611, 1_122_333));
    }

    /// <summary>What is read in text is the same in JSON, also when it is mutated.</summary>
    [Fact]
    public void A_mutated_filter_that_is_read_says_the_same_in_JSON() => Prop.ForAll(Mutants.Where(m => !m.Json).ToArbitrary(), mutant =>
    {
        Expression filter;
        try { filter = Cql2Filter.Read(mutant.Filter, json: false, Cql2PairsTests.Layer); }
        catch (InputException) { return true; }
        return Cql2Asking.Written(Cql2PairsTests.Layer, filter) == Cql2Asking.Written(Cql2PairsTests.Layer, Cql2Filter.Read(Cql2Asking.InJson(mutant.Filter), json: true, Cql2PairsTests.Layer));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithReplay(20_260_611, 1_122_333));
}
