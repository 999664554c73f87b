using FsCheck;
using FsCheck.Fluent;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Jietong.Worlds;
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
    private static Gen<Mutant> Mutated(int times) =>
        from json in Gen.Elements(true, false)
        from pair in Gen.Elements(Cql2PairsTests.Pairs.ToArray())
        from other in Gen.Elements(Cql2PairsTests.Pairs.ToArray())
        from changes in Gen.NonEmptyListOf(from kind in Gen.Choose(0, 4) from at in Gen.Choose(0, 10_000) from length in Gen.Choose(1, 12) from piece in Gen.Elements(Pieces) select (kind, at, length, piece))
        select new Mutant(json, changes.Take(times).Aggregate(json ? pair.Json : pair.Text, (filter, c) => Changed(filter, c, json ? other.Json : other.Text)));

    private static readonly Gen<Mutant> Mutants = Mutated(6);

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

    /// <summary>What is read is also answered: rows, or a refusal in words, no error of the database's own.</summary>
    [Fact]
    public async Task A_mutated_filter_that_is_read_is_answered()
    {
        await using var database = await TestDatabase.Create();
        await database.Execute("""
            create table thing (name text, name_en text, "名称" text, instrument text, floors int, value numeric, foo bigint, bar float8, pool boolean, built date, updated timestamptz, starts timestamptz, ends timestamptz, tags text[], parts jsonb, geometry geometry(Geometry, 4326));
            insert into thing values ('Toronto', 'T', '花桥', 'OLI', 28, 0.1, 203, 1.5, true, '2015-01-01', '2012-08-10', '2000-01-01', '2005-01-10', '{a,b}', '[]', 'SRID=4326;POINT(1 1)'), ('', null, null, null, 0, null, 0, 0, null, null, null, null, null, '{}', null, 'SRID=4326;LINESTRING(0 0,1 1)'), (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)
            """);
        var (answered, refused) = (0, 0);
        var mutants = Cql2PairsTests.Pairs.Select(p => new Mutant(false, p.Text)).ToList();
        Prop.ForAll(Mutated(1).ToArbitrary(), mutant => { mutants.Add(mutant); return true; }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithReplay(20_260_611, 1_122_333));
        foreach (var mutant in mutants)
        {
            try
            {
                await database.Keys(Cql2PairsTests.Layer with { Columns = [.. Cql2PairsTests.Layer.Columns.Select(c => c.Name == "名称" ? c with { Sql = "{t}.\"名称\"" } : c)] }, Cql2Filter.Read(mutant.Filter, mutant.Json, Cql2PairsTests.Layer));
                answered++;
            }
            catch (InputException) { refused++; }
            catch (Exception e) { Assert.Fail($"{mutant}\n{e}"); }
        }
        Assert.True(answered > 200 && refused > 200, $"{answered} answered, {refused} refused");
    }
}
