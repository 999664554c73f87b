using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>A key as the register knows it: whose it is and how long it holds, never the key itself.</summary>
public sealed record ApiKey(string Id, string Name, string Role, DateTime CreatedAt, DateTime ExpiresAt, DateTime? RevokedAt)
{
    public bool MayWrite => Role == "editor";
}

/// <summary>Who may read where reading is keyed, and who may write.</summary>
public static class ApiKeys
{
    public const string Prefix = "jt_";
    private const int Bytes = 32;

    /// <summary>Makes a key that holds to the end of <paramref name="lastDay"/> in Shanghai.</summary>
    /// <returns>The id, by which it is revoked, and the key: it is stored nowhere and cannot be told again.</returns>
    public static async Task<(string Id, string Key)> Add(NpgsqlDataSource db, string name, string role, DateOnly lastDay, CancellationToken cancel = default)
    {
        var expires = new DateTimeOffset(lastDay.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)).UtcDateTime;
        if (expires <= DateTime.UtcNow) throw new InputException($"{lastDay:yyyy-MM-dd} is past: a key must expire on a later day.");
        if (string.IsNullOrWhiteSpace(name)) throw new InputException("A key needs a name: whose it is, or what for.");
        var (id, key) = ("k-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)), Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));
        await using var connection = await db.OpenConnectionAsync(cancel);
        await Database.Execute(connection, "insert into api_key (id, name, key_hash, role, expires_at) values ($1, $2, $3, $4, $5)", cancel, id, name.Trim(), HashOf(key), role, expires);
        return (id, key);
    }

    /// <summary>All keys, the newest last, also those that no longer hold.</summary>
    public static async Task<List<ApiKey>> List(NpgsqlDataSource db, CancellationToken cancel = default) => await Read(db, "order by created_at, id", cancel);

    /// <summary>Whose key this is, whether or not it still holds; null when it is nobody's. The database looks for a hash, so that the time taken tells nothing of a key.</summary>
    public static async Task<ApiKey?> Find(NpgsqlDataSource db, string key, CancellationToken cancel = default) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && key.Length == Prefix.Length + Base64Url.GetEncodedLength(Bytes) ? (await Read(db, "where key_hash = $1", cancel, HashOf(key))).FirstOrDefault() : null;

    /// <summary>From now on the key opens nothing; one that was revoked before stays so.</summary>
    /// <exception cref="InputException">There is no such key.</exception>
    public static async Task<ApiKey> Revoke(NpgsqlDataSource db, string id, CancellationToken cancel = default)
    {
        await using (var connection = await db.OpenConnectionAsync(cancel))
            await Database.Execute(connection, "update api_key set revoked_at = now() where id = $1 and revoked_at is null", cancel, id);
        return (await Read(db, "where id = $1", cancel, id)).FirstOrDefault() ?? throw new InputException($"there is no key \"{id}\": ./run keys list shows all.", notFound: true);
    }

    private static async Task<List<ApiKey>> Read(NpgsqlDataSource db, string which, CancellationToken cancel, params object[] values)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var command = Database.Command(connection, $"select id, name, role, created_at, expires_at, revoked_at from api_key {which}", values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var keys = new List<ApiKey>();
        while (await reader.ReadAsync(cancel)) keys.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetDateTime(3), reader.GetDateTime(4), reader.IsDBNull(5) ? null : reader.GetDateTime(5)));
        return keys;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
