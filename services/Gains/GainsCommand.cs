using System.CommandLine;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Model;

namespace Jietong.Services.Gains;

/// <summary>What does each missing link cost today, what did each opened one bring, and by which route?</summary>
internal static class GainsCommand
{
    private static readonly Option<DateOnly?> AsOf = CommandLine.AsOf(), KnownBy = CommandLine.KnownBy();
    private static readonly Option<string> ModeOption = Mode(), Weights = WeightsOption();
    private static readonly Option<int?> Top = new("--top") { Description = "Only so many, the largest first 只列前几条", HelpName = "N" };
    private static readonly Option<bool> All = new("--together") { Description = "Valued together: which comes next, alone, last, its share 合在一起：先接哪条、单独、最后、分摊" };
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "csv", "geojson");

    public static Command Define()
    {
        var command = new Command("gains", "What each link brings: minutes saved, for whom, by which route 各通道效益") { AsOf, KnownBy, ModeOption, Weights, All, Top, Format };
        command.Validators.Add(r => { if (r.GetValue(Top) is < 1) r.AddError("--top: write a number from 1 on."); });
        command.SetAction(Answer);
        return command;
    }

    public static Option<string> Mode()
    {
        var option = new Option<string>("--mode") { Description = "car 小汽车 or transit 步行与公共交通", DefaultValueFactory = _ => "transit" };
        option.AcceptOnlyFromAmong(Modes.Names);
        return option;
    }

    public static Option<string> WeightsOption()
    {
        var option = new Option<string>("--weights") { Description = "equal 各地点等权, town 镇点等权（车站不计） or county 县级人口均分到镇点", DefaultValueFactory = _ => "equal" };
        option.AcceptOnlyFromAmong(Weighting.Names);
        return option;
    }

    private static Relation Relation(string name) => GainLayers.Gains.Relations.First(r => r.Name == name);

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        static Compare Is(string column, string value) => new(Comparison.Equal, new ColumnValue(column), new Literal(value));
        var query = new Query(GainLayers.Gains)
        {
            AsOf = asked.GetValue(AsOf) ?? Days.Today, KnownBy = asked.GetValue(KnownBy) ?? Days.Today,
            OrderBy = asked.GetValue(All) ? [new(new ColumnValue("patch"), Descending: true), new(new IsNull(new ColumnValue("nextRank"))), new(new ColumnValue("nextRank")), new(new ColumnValue("shareMinutes"), Descending: true)]
                : [new(new ColumnValue("evaluated"), Descending: true), new(new ColumnValue("gainMinutes"), Descending: true)],
        };
        query = query.Where(Is("mode", asked.GetValue(ModeOption)!)).Where(Is("weights", asked.GetValue(Weights)!));
        var all = query;
        if (asked.GetValue(Top) is { } top) query = query.Where(new Compare(Comparison.Equal, new ColumnValue("evaluated"), new Literal(true))) with { Limit = top };
        if (asked.GetValue(Format) == "table")
            query = query with
            {
                Expand = asked.GetValue(All) ? [new(Relation("Synergies"), new(GainLayers.GainSynergies))]
                    : [new(Relation("Pairs"), new(GainLayers.GainPairs) { Limit = 1, OrderBy = [new(new ColumnValue("rank"))] })],
            };
        await using var rows = await GainStore.Ask(db, query, count: true, computing: mode => Console.Error.WriteLine($"计算各通道效益，数据不变则只算一次… Computing gains ({Modes.Name(mode)}, {query.AsOf:yyyy-MM-dd}), once while the data stay as they are…"), cancel: cancel);
        if (asked.GetValue(Weights) == "county" && rows.Total == 0) throw Weighting.NoPopulation();
        var onStreets = asked.GetValue(ModeOption) == "car" && await ModelDocument.HasStreets(db, cancel);
        await Output.Answer(rows, asked.GetValue(Format), "id", gains =>
        {
            if (asked.GetValue(All)) TogetherTable.Write(gains, query, rows.Version, onStreets);
            else GainsTable.Write(gains, query, rows.Version, onStreets);
        }, cancel);
        if (asked.GetValue(Format) == "table" && query.Limit is not null)
            await GainsTable.WriteLeftOut(db, all, cancel);
        return 0;
    }
}
