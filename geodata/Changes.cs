using System.Globalization;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>Hears of every change of the data as it is committed, on a connection of its own.</summary>
public static class Changes
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2), BeforeTryingAgain = TimeSpan.FromSeconds(1);

    /// <summary>Listens until told to stop; where the connection breaks, begins anew.</summary>
    /// <param name="db">Where.</param>
    /// <param name="begun">From now on nothing is missed; the number of the data version at this moment.</param>
    /// <param name="changed">A transaction moved the data version to this number and wrote this table; it comes once for each table, in the order of commits.</param>
    /// <param name="lost">From now on changes may be missed.</param>
    /// <param name="stop">When to end.</param>
    public static async Task Listen(NpgsqlDataSource db, Action<long> begun, Action<long, string> changed, Action lost, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await db.OpenConnectionAsync(stop);
                connection.Notification += (_, e) =>
                {
                    var words = e.Payload.Split(' ');
                    changed(long.Parse(words[0], CultureInfo.InvariantCulture), words[1]);
                };
                await Database.Execute(connection, "listen jietong_tables", stop);
                begun(await Database.Scalar<long>(connection, "select number from data_version", stop));
                while (true)
                    if (!await connection.WaitAsync(Heartbeat, stop)) await Database.Execute(connection, "select 1", stop);   // a connection that is cut says nothing by itself
            }
            catch (Exception) { }   // whatever it was, nothing is heard any more, and there is nothing to do but to begin anew
            finally { lost(); }
            try { await Task.Delay(BeforeTryingAgain, stop); }
            catch (OperationCanceledException) { }
        }
    }
}
