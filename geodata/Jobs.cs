using System.Text.Json.Nodes;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>A job as it stands. <see cref="Progress"/> is in percent; the result is an answer, or, of a failed one, the problem.</summary>
public sealed record Job(Guid Id, string Kind, string Who, JsonObject Request, string Status, int Attempts, int? Progress, string? Message, JsonObject? Result, DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt, DateTime UpdatedAt)
{
    public bool IsOver => Status is "successful" or "failed" or "dismissed";
}

/// <summary>Jobs are rows: a worker takes the oldest open one under a lease, and what a worker left behind when it died is taken again.</summary>
public static class Jobs
{
    /// <summary>How long a worker may be silent, and how often a job is begun: what ends its worker twice is not tried again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    public const int MostAttempts = 2, MostListed = 100, KeptDays = 30;

    private const int Piece = 1 << 20;
    private const string Columns = "id, kind, who, request::text, status, attempts, progress, message, result::text, created_at, started_at, finished_at, updated_at";

    /// <summary>Takes a job on with its files: all of them, or, where sending breaks off, nothing.</summary>
    public static async Task<Job> Submit(NpgsqlDataSource db, string kind, string who, JsonObject request, IAsyncEnumerable<(string Name, Stream Content)> files, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var id = await Database.Scalar<Guid>(connection, "insert into job (kind, who, request) values ($1, $2, $3::jsonb) returning id", cancel, kind, who, request.ToJsonString());
        await foreach (var (name, content) in files.WithCancellation(cancel))
        {
            var (buffer, piece, read) = (new byte[Piece], 0, 0);
            do
            {
                read = await content.ReadAtLeastAsync(buffer, Piece, throwOnEndOfStream: false, cancel);
                if (read > 0 || piece == 0) await Database.Execute(connection, "insert into job_file values ($1, $2, $3, $4)", cancel, id, name, piece++, buffer[..read]);
            }
            while (read == Piece);
        }
        var job = (await Asked(connection, "where id = $1", id, cancel)).Single();
        await transaction.CommitAsync(cancel);
        return job;
    }

    public static async Task<Job?> Find(NpgsqlDataSource db, Guid id, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return (await Asked(connection, "where id = $1", id, cancel)).SingleOrDefault();
    }

    /// <summary>The latest <see cref="MostListed"/>.</summary>
    public static async Task<IReadOnlyList<Job>> List(NpgsqlDataSource db, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Asked(connection, "order by created_at desc, id limit $1", MostListed, cancel);
    }

    /// <summary>The oldest open job, which is the caller's until its lease ends; null where there is none. What is long over is forgotten on the way.</summary>
    public static async Task<Job?> Take(NpgsqlDataSource db, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await Database.Execute(connection, "delete from job where finished_at < now() - $1", cancel, TimeSpan.FromDays(KeptDays));
        await Database.Execute(connection, """
            with given_up as (update job set status = 'failed', finished_at = now(), updated_at = now(), message = null,
                result = jsonb_build_object('title', 'Internal Error', 'status', 500, 'detail', 'The service ended twice while it worked on this; it is not tried again.')
              where status = 'running' and lease_until < now() and attempts >= $1 returning id)
            delete from job_file where job_id in (select id from given_up)
            """, cancel, MostAttempts);
        var id = await Database.Scalar<Guid>(connection, """
            update job set status = 'running', attempts = attempts + 1, started_at = now(), updated_at = now(), lease_until = now() + $1, progress = 0, message = null
            where id = (select id from job where status = 'accepted' or (status = 'running' and lease_until < now()) order by created_at, id for update skip locked limit 1) returning id
            """, cancel, Lease);
        return id == default ? null : (await Asked(connection, "where id = $1", id, cancel)).Single();
    }

    /// <summary>Says how far it is, and prolongs the lease.</summary>
    /// <returns>False where it is the caller's no more: somebody dismissed it, or another has taken it.</returns>
    public static async Task<bool> Tell(NpgsqlDataSource db, Job job, int? progress, string? message, CancellationToken cancel = default) =>
        await Change(db, "update job set progress = $3, message = $4, updated_at = now(), lease_until = now() + $5 where id = $1 and attempts = $2 and status = 'running'", cancel,
            job.Id, job.Attempts, (object?)(short?)progress ?? DBNull.Value, (object?)message ?? DBNull.Value, Lease) == 1;

    /// <summary>Ends it with its answer, or the problem; its files go.</summary>
    public static Task Finish(NpgsqlDataSource db, Job job, bool successful, JsonObject result, CancellationToken cancel = default) =>
        Change(db, """
            with done as (update job set status = $3, progress = case when $3 = 'successful' then 100 else progress end, message = null, result = $4::jsonb, finished_at = now(), updated_at = now(), lease_until = null
              where id = $1 and attempts = $2 and status = 'running' returning id)
            delete from job_file where job_id in (select id from done)
            """, cancel, job.Id, job.Attempts, successful ? "successful" : "failed", result.ToJsonString());

    /// <summary>Puts it back, as its worker is told to end; another, or the same after its restart, begins anew.</summary>
    public static Task PutBack(NpgsqlDataSource db, Job job) =>
        Change(db, "update job set status = 'accepted', attempts = attempts - 1, progress = null, message = null, updated_at = now(), lease_until = null where id = $1 and attempts = $2 and status = 'running'", default, job.Id, job.Attempts);

    /// <summary>Nobody wants it any more. One that is over stays as it is.</summary>
    public static Task Dismiss(NpgsqlDataSource db, Guid id, CancellationToken cancel = default) =>
        Change(db, """
            with dropped as (update job set status = 'dismissed', finished_at = now(), updated_at = now(), lease_until = null where id = $1 and status in ('accepted', 'running') returning id)
            delete from job_file where job_id in (select id from dropped)
            """, cancel, id);

    /// <summary>Writes what was sent with a job into a folder.</summary>
    /// <returns>The files' paths.</returns>
    public static async Task<IReadOnlyList<string>> Unpack(NpgsqlDataSource db, Job job, string folder, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var command = Database.Command(connection, "select name, bytes from job_file where job_id = $1 order by name, piece", [job.Id]);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var paths = new List<string>();
        while (await rows.ReadAsync(cancel))
        {
            var path = Path.Combine(folder, Path.GetFileName(rows.GetString(0)));
            if (!paths.Contains(path)) paths.Add(path);
            await using var file = new FileStream(path, FileMode.Append);
            await file.WriteAsync(await rows.GetFieldValueAsync<byte[]>(1, cancel), cancel);
        }
        return paths;
    }

    private static async Task<int> Change(NpgsqlDataSource db, string sql, CancellationToken cancel, params object[] values)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Database.Execute(connection, sql, cancel, values);
    }

    private static async Task<List<Job>> Asked(NpgsqlConnection connection, string which, object value, CancellationToken cancel)
    {
        await using var command = Database.Command(connection, $"select {Columns} from job {which}", [value]);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var jobs = new List<Job>();
        T? Maybe<T>(int column) => rows.IsDBNull(column) ? default : rows.GetFieldValue<T>(column);
        while (await rows.ReadAsync(cancel))
            jobs.Add(new(rows.GetGuid(0), rows.GetString(1), rows.GetString(2), JsonNode.Parse(rows.GetString(3))!.AsObject(), rows.GetString(4), rows.GetInt32(5), Maybe<short?>(6), Maybe<string>(7),
                Maybe<string>(8) is { } result ? JsonNode.Parse(result)!.AsObject() : null, rows.GetDateTime(9), Maybe<DateTime?>(10), Maybe<DateTime?>(11), rows.GetDateTime(12)));
        return jobs;
    }
}
