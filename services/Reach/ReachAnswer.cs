using Jietong.Services.Model;

namespace Jietong.Services.Reach;

/// <summary>Where can one get to from here, and what does opening or closing links change? The bands on the day's network, and on the patched one where links are opened or closed.</summary>
internal sealed record ReachAnswer(ReachRequest Request, ReachOrigin Origin, int PlacesCompared, IReadOnlyList<ReachedBand> Base, IReadOnlyList<ReachedBand>? Patched, bool Sketch, string DataVersion, bool OnStreets = false)
{
    /// <exception cref="Geodata.InputException">The request does not fit the input.</exception>
    public static ReachAnswer Of(ReachRequest request, ModelInput input, string dataVersion, CancellationToken cancel)
    {
        var (model, inputs) = (new TravelModel(input, request.TravelMode), new Inputs(input.Assumptions));
        request.Check(model);
        var metric = model.MetricOf(inputs, model.OpenLinks);
        var origin = ReachOrigin.Of(request, model, metric, inputs);
        IReadOnlyList<ReachedBand> Bands(ModelTimes on) => Reached.Bands(request, model, on, inputs, origin, cancel);
        return new(request, origin, model.Places.Count(p => p.Id != origin.PlaceId), Bands(metric),
            request.IsPatched ? Bands(model.MetricOf(inputs, model.LinksWith(request.Open, request.Close))) : null, model.Topology.IsSketchWith(model.LinksWith(request.Open, request.Close).Union(model.OpenLinks).ToHashSet()), dataVersion, model.Topology.Entrances is not null);
    }

    /// <summary>The bands by the network that they are on: base, and patched where links are opened or closed.</summary>
    public IEnumerable<(string Network, IReadOnlyList<ReachedBand> Bands)> Networks => Patched is null ? [("base", Base)] : [("base", Base), ("patched", Patched)];

    /// <summary>How the areas came about, in words that go with every one of them.</summary>
    public string Method => OnRoads + (Origin.PartOf is { } junctions ? $"；出发处附近的道路自成一片（{junctions} 个节点），与其余路网不能往返 the streets near the start are a part of {junctions} junctions, from which one cannot get to the rest and back" : "");

    private string OnRoads => Request.WidthMetres is { } width
        ? FormattableString.Invariant($"到达道路两侧各 {width} 米，到达地点半径 {width} 米；接驳弧（示意）不画；地点另计停车时间 buffer of reached roads, {width} m to each side, and of places reached; connectors (sketch) are not drawn; a place counts once one has parked")
        : FormattableString.Invariant($"到达站点、地点周围的步行圆，剩余时间内可走到处，不超过步行上限，至少 {Reached.SmallestDisc} 米；期望时间；圆不顾河流与省界 discs around stops and places reached, as far as one can still walk, up to the walking limit, at least {Reached.SmallestDisc} m; expected times; discs know of no river and no province line");
}
