using Jietong.Services.Model;

namespace Jietong.Services.Tests;

/// <summary>Small worlds at random, the same for the same seed: towns, roads that join and cross, metro and bus lines over the province line, links of every sort in every state.</summary>
internal static class RandomWorld
{
    private static readonly string[] Classes = ["class1", "class2", "class4"];
    private static readonly string[] States = ["not_open", "not_open", "not_open", "open", "cancelled"];

    public static ModelWorld Of(int seed)
    {
        var random = new Random(seed);
        var world = new ModelWorld();
        double Km(double range) => Math.Round(range * (random.NextDouble() - 0.5), 1);
        (double X, double Y) At(int side) => (side * (0.2 + Math.Abs(Km(30))), Km(30));
        T One<T>(params T[] from) => from[random.Next(from.Length)];

        for (var i = random.Next(4, 8); i > 0; i--) world.Place($"p{i}", At(i % 2 * 2 - 1).X, Km(30), One("town", "town", "hub", "centre"));
        if (random.Next(4) == 0) world.Places[0] = world.Places[0] with { Longitude = null, Latitude = null };
        world.Counties.AddRange([new(ModelWorld.West, 2020, 1000 + random.Next(1000), "census"), new(ModelWorld.East, 2020, 1000 + random.Next(1000), "census")]);

        for (var i = 0; i < 5; i++) world.Link($"link{i}", Km(2), Km(30), One(0, 0.5, 3), One("road", "road", "unspecified"), One("missing", "missing", "blocked", "bottleneck"), One(States), placed: random.Next(8) > 0);
        for (var i = 0; i < 4; i++) world.Link($"metro{i}", Km(2), Km(30), 1, One("metro", "rail", "bus", "footbridge"), state: One(States));
        var corners = Enumerable.Range(0, 6).Select(i => At(i % 2 * 2 - 1)).ToArray();
        for (var i = random.Next(1, 6); i > 0; i--)   // from corner to corner, so that some share a vertex; a few cross, a few are the works of a link
        {
            var side = random.Next(2);
            (double, double)[] points = [corners[side], At(side * 2 - 1), One(corners[side + 2], corners[side + 4])];
            var crosses = random.Next(2) == 0;
            if (crosses) points = [.. points, (0, Km(30))];
            world.Road($"road{i}", points, One(Classes), crosses, random.Next(3) == 0 ? $"link{random.Next(5)}" : null);
        }
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var stops = Enumerable.Range(0, random.Next(2, 6)).Select(n => random.Next(6) == 0 && n > 0 ? $"s{n}" : FormattableString.Invariant($"s{n}@{Km(30)},{Km(30)}")).ToArray();
            string Section(string ends, string what) => (random.Next(3) == 0 ? "!" : "") + ends + " " + what;
            string[] sections = [.. new[] { Section($"s0-s{stops.Length - 1}", "open"), Section("s0-s1", "closed"), Section("s1-s1", "open") }.Where(_ => random.Next(4) == 0)];
            world.Line($"line{i}", stops, random.Next(5, 40), random.Next(2) == 0 ? [10] : [6, 20], One("metro", "rail", "bus"), random.Next(2) == 0 ? $"metro{random.Next(4)}" : null, sections: sections);
        }
        if (world.Lines.Count > 1) world.Transfer(world.Lines[0].Id, "s0", world.Lines[1].Id, 4);

        foreach (var a in world.Assumptions.Values.Where(_ => random.Next(3) == 0).ToList())
            world.Assume(a.Id, a.Value, a.Value * One(0.5, 0.8, 1), a.Value * One(1, 1.3, 2), a.Unit);
        return world;
    }

    /// <summary>The same rows, each table in another order. Stops keep theirs: it is the line.</summary>
    public static ModelInput Shuffled(ModelInput input, int seed)
    {
        T[] Shuffle<T>(IReadOnlyList<T> rows)
        {
            T[] shuffled = [.. rows];
            new Random(seed).Shuffle(shuffled);
            return shuffled;
        }
        return input with
        {
            Places = Shuffle(input.Places), Counties = Shuffle(input.Counties), Assumptions = Shuffle(input.Assumptions), Links = Shuffle(input.Links), Roads = Shuffle(input.Roads),
            Lines = Shuffle(input.Lines), RunTimes = Shuffle(input.RunTimes), Services = Shuffle(input.Services), Transfers = Shuffle(input.Transfers),
        };
    }
}
