using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>A cell or a point with what can be reached there, and with its weight.</summary>
public sealed record OpportunityRow(string Dataset, string Id, double Longitude, double Latitude, double Opportunities, double Weight);

/// <summary>All cells of the region that were brought in as opportunities, of one snapshot.</summary>
public sealed record OpportunityRows(DataVersion Version, string Column, string Weights, IReadOnlyList<OpportunityRow> Cells)
{
    public const string Equal = "equal", Population = "population";

    /// <param name="db">The region.</param>
    /// <param name="column">What is counted.</param>
    /// <param name="weights">How cells are weighted; null: by population where the data have it, else equally.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="InputException">There are no cells, or a column is not there.</exception>
    public static async Task<OpportunityRows> Read(NpgsqlDataSource db, string column, string? weights, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var version = await Register.Write.Version(connection, cancel);
        var columns = await Database.Rows(connection, "select distinct key from opportunity, jsonb_object_keys(counts) key order by 1", r => r.GetString(0), cancel);
        if (columns.Count == 0) throw new InputException("This region has no opportunities: bring cells with counts of people, jobs … by ./run import FILE.csv --into opportunities.");
        weights ??= columns.Contains(Population) ? Population : Equal;
        foreach (var (option, name) in new[] { ("--opportunities", column), ("--weights", weights) })
            if (!columns.Contains(name) && !(option == "--weights" && name == Equal)) throw new InputException($"{option} {InputException.Short(name, 60)}: the cells have {string.Join(", ", columns)}{(option == "--weights" ? ", or write equal" : "")}.");
        var cells = await Database.Rows(connection, "select dataset_id, id, ST_X(point), ST_Y(point), coalesce((counts->>$1)::double precision, 0), case $2 when 'equal' then 1 else coalesce((counts->>$2)::double precision, 0) end from opportunity order by dataset_id, id",
            r => new OpportunityRow(r.GetString(0), r.GetString(1), r.GetDouble(2), r.GetDouble(3), r.GetDouble(4), r.GetDouble(5)), cancel, column, weights);
        return new(version, column, weights, cells);
    }
}
