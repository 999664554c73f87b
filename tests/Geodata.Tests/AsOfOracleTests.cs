using System.Globalization;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Random evidence, judged by the SQL and by a slow reading of the rules in C# that shares nothing with it.</summary>
public sealed class AsOfOracleTests
{
    private sealed record Evidence(string Id, string? Side, string Stage, DateOnly? Earliest, DateOnly Latest, string Written, int Grade, DateOnly Published, string Source);

    private static readonly string[] Stages = ["cancelled", "proposed", "approved", "under_construction", "structure_complete", "open", "closed", "suspended", "accepted"];
    private static readonly string[] Grades = ["GOV", "STATE", "COPY", "SEC"];
    private static readonly DateOnly Start = new(2018, 1, 1);

    private static int Rank(string stage) => stage switch
    {
        "cancelled" => 0, "proposed" => 1, "approved" => 2, "under_construction" or "suspended" => 7, "structure_complete" => 8, "closed" => 9, "open" => 10, _ => 11,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(20180629)]
    [InlineData(77)]
    public async Task Agrees_with_a_slow_reading_of_the_rules(int seed)
    {
        var random = new Random(seed);
        var world = new RegisterWorld();
        var links = new Dictionary<string, List<Evidence>>();
        for (var i = 0; i < 60; i++)
        {
            var link = $"l{i}";
            links[link] = [.. Enumerable.Range(0, random.Next(1, 7)).Select(n => RandomEvidence(random, $"{link}-{n}"))];
            foreach (var e in links[link]) world.Source(e.Source, Grades[e.Grade], e.Published.ToString("O", CultureInfo.InvariantCulture));
            world.Link(link, links[link][0].Source);
            foreach (var e in links[link]) world.Attest(e.Id, link, e.Stage, e.Written, e.Source, e.Side ?? "");
        }
        await using var database = await world.Load();
        for (var n = 0; n < 12; n++)
        {
            var (asOf, knownBy) = (Start.AddDays(random.Next(900)), Start.AddDays(random.Next(1200)));
            var answered = await database.Column($"select id || ' ' || state || ' ' || stage || ' ' || attestation_id from link_as_of('{asOf:O}', '{knownBy:O}') order by id");
            var expected = links.Select(l => Judge(l.Key, l.Value, asOf, knownBy)).OfType<string>().Order(StringComparer.Ordinal);
            Assert.True(expected.SequenceEqual(answered.Order(StringComparer.Ordinal)), $"seed {seed}, as of {asOf:O}, known by {knownBy:O}:\n" +
                string.Join('\n', expected.Except(answered).Select(x => "expected " + x + " of " + string.Join(" | ", links[x.Split(' ')[0]]))) + "\n" + string.Join('\n', answered.Except(expected).Select(x => "answered " + x)));
        }
    }

    private static Evidence RandomEvidence(Random random, string id)
    {
        var day = Start.AddDays(random.Next(800));
        var monthEnd = new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));
        (string Written, DateOnly? Earliest, DateOnly Latest) held = random.Next(6) switch
        {
            0 => (day.ToString("yyyy-MM", CultureInfo.InvariantCulture), new(day.Year, day.Month, 1), monthEnd),
            1 => (day.ToString("yyyy", CultureInfo.InvariantCulture), new(day.Year, 1, 1), new(day.Year, 12, 31)),
            2 => ("../" + day.ToString("O", CultureInfo.InvariantCulture), null, day),
            _ => (day.ToString("O", CultureInfo.InvariantCulture), day, day),
        };
        string? side = random.Next(4) switch { 0 => "a", 1 => "b", _ => null };
        return new(id, side, Stages[random.Next(Stages.Length)], held.Earliest, held.Latest, held.Written, random.Next(4), day.AddDays(random.Next(400)), "s-" + id);
    }

    /// <summary>Each side by itself: strike what a better source contradicts, take the latest of the rest; then the lesser side, and what later openings prove.</summary>
    private static string? Judge(string link, List<Evidence> all, DateOnly asOf, DateOnly knownBy)
    {
        var known = all.Where(e => e.Published <= knownBy).ToList();
        var sides = new List<Evidence?>();
        foreach (var side in (string[])["a", "b"])
        {
            var spoken = known.Where(e => (e.Side is null || e.Side == side) && e.Latest <= asOf).ToList();
            var standing = spoken.Where(c => !spoken.Any(b => b.Grade < c.Grade && Overrules(b, c))).ToList();
            standing.Sort((x, y) =>
                x.Latest != y.Latest ? y.Latest.CompareTo(x.Latest) : x.Grade != y.Grade ? x.Grade.CompareTo(y.Grade)
                : x.Published != y.Published ? y.Published.CompareTo(x.Published) : string.CompareOrdinal(y.Id, x.Id));
            sides.Add(standing.FirstOrDefault());
        }
        var decided = sides.OfType<Evidence>().ToList();
        if (decided.Count == 0) return null;
        var lesser = decided.OrderBy(e => Rank(e.Stage)).ThenByDescending(e => e.Latest).First();
        bool IsOpen(Evidence? e) => e is not null && Rank(e.Stage) >= 10;
        var proven = ((string[])["a", "b"]).Zip(sides).Any(s => s.Second is not null && !IsOpen(s.Second)
            && known.Any(e => (e.Side is null || e.Side == s.First) && Rank(e.Stage) >= 10 && e.Earliest > asOf));
        var state = decided.Any(e => e.Stage == "cancelled") ? "cancelled" : sides.All(IsOpen) ? "open"
            : proven || decided.Any(e => !IsOpen(e) && e.Latest >= asOf.AddDays(-365)) ? "not_open" : "unverified";
        return $"{link} {state} {lesser.Stage} {lesser.Id}";
    }

    private static bool Overrules(Evidence better, Evidence c)
    {
        var begins = better.Earliest ?? better.Latest;
        if (begins > c.Latest) return false;                             // it speaks of later days only
        return Rank(c.Stage) < Rank(better.Stage) || c.Latest <= better.Latest;   // c takes back, or stands within what the better says
    }
}
