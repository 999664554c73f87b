using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Timetables;
using Npgsql;

namespace Jietong.Services.Accessibility;

/// <summary>All that accessibility is computed from, of one state of the data: cells, the feeds of a day, and how one walks between them. Places are the stops, then the cells.</summary>
internal sealed record AccessInput(OpportunityRows Opportunities, TimetableRows Timetable, WalkingNetwork Walking)
{
    /// <summary>More cells would take hours: 400 million pairs.</summary>
    public const int MostCells = 20_000;

    public DataVersion Version => Timetable.Version;
    public IReadOnlyList<OpportunityRow> Cells => Opportunities.Cells;
    public int StopCount => Timetable.Stops.Count;

    public static async Task<AccessInput> Read(NpgsqlDataSource db, AccessRequest request, CancellationToken cancel)
    {
        while (true)
        {
            var cells = await OpportunityRows.Read(db, request.Opportunities, request.Weights, cancel);
            if (cells.Cells.Count > MostCells) throw new InputException($"There are {cells.Cells.Count:N0} cells, at most {MostCells:N0} are computed: bring a coarser grid.");
            if (!cells.Cells.Any(c => c.Opportunities > 0)) throw new InputException($"--opportunities {cells.Column}: it is 0 in every cell.");
            if (!cells.Cells.Any(c => c.Weight > 0)) throw new InputException($"--weights {cells.Weights}: it is 0 in every cell. Write equal, or name another column.");
            var timetable = await TimetableRows.Read(db, request.Date, cancel);
            var streets = await StreetRows.Read(db, "foot", cancel);
            if (cells.Version != timetable.Version || streets.Version != timetable.Version) continue;   // the data changed meanwhile
            var places = timetable.Stops.Select(s => (s.Longitude, s.Latitude)).Concat(cells.Cells.Select(c => (c.Longitude, c.Latitude))).ToList();
            return new(cells, timetable, await WalkingNetwork.Build(db, streets, places, cancel));
        }
    }

    /// <summary>By its id, or as DATASET.ID.</summary>
    /// <exception cref="InputException">There is none, or there are several.</exception>
    public int CellNamed(string name)
    {
        var found = Enumerable.Range(0, Cells.Count).Where(i => Cells[i].Id == name || $"{Cells[i].Dataset}.{Cells[i].Id}" == name).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new InputException($"from: there is no cell {InputException.Short(name, 60)}; there are {Cells.Count:N0}, such as {string.Join(", ", Cells.Take(3).Select(c => c.Id))}.", notFound: true),
            _ => throw new InputException($"from: several datasets have a cell {name}: write {Cells[found[0]].Dataset}.{name}."),
        };
    }
}
