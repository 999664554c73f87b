using Jietong.Geodata;
using Npgsql;

namespace Jietong.Services.Serve;

/// <summary>Who may read and who may write: by a key in <c>Authorization: Bearer jt_…</c>. Reading is open unless <c>JIETONG_READ=keyed</c>; writing always needs an editor's key.</summary>
internal static class Access
{
    private const string Reading = "JIETONG_READ";

    /// <summary>Whether reading needs a key too.</summary>
    public static bool IsKeyed => Environment.GetEnvironmentVariable(Reading) == "keyed";

    /// <summary>Where reading is keyed, lets nobody in without a key that holds.</summary>
    /// <exception cref="InputException">JIETONG_READ says neither open nor keyed.</exception>
    public static void UseAccess(this WebApplication app, NpgsqlDataSource db)
    {
        var reading = Environment.GetEnvironmentVariable(Reading);
        if (reading is null or "" or "open") return;
        if (!IsKeyed) throw new InputException($"{Reading}={reading} is neither open nor keyed: write {Reading}=keyed to have readers show a key, or leave it out.");
        app.Use(async (http, next) =>
        {
            await Holder(http, db);
            await next(http);
        });
    }

    /// <summary>Who writes, by an editor's key.</summary>
    /// <exception cref="RefusedRequestException">401 without a key that holds, 403 with a reader's.</exception>
    public static async Task<string> Editor(HttpContext http, NpgsqlDataSource db)
    {
        var key = await Holder(http, db);
        return key.MayWrite ? $"{key.Id} {key.Name}"
            : throw new RefusedRequestException(403, "Forbidden", $"The key {key.Id} may read only: writing needs an editor's key (./run keys add NAME --role editor --expires YYYY-MM-DD).");
    }

    private static async Task<ApiKey> Holder(HttpContext http, NpgsqlDataSource db)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header == "") throw Unknown("A key is needed: send Authorization: Bearer jt_… (./run keys add makes one).", "");
        var key = header.Split(' ', 2, StringSplitOptions.TrimEntries) is [var scheme, var sent] && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? await ApiKeys.Find(db, sent, http.RequestAborted) : null;
        if (key is null) throw Unknown("This is no key of this register.", ", error=\"invalid_token\"");
        if (key.RevokedAt is not null) throw Unknown($"The key {key.Id} was revoked.", ", error=\"invalid_token\"");
        if (key.ExpiresAt <= DateTime.UtcNow) throw Unknown($"The key {key.Id} has expired.", ", error=\"invalid_token\"");
        return key;
    }

    private static RefusedRequestException Unknown(string message, string error) => new(401, "Unauthorized", message) { Header = ("WWW-Authenticate", $"Bearer realm=\"jietong\"{error}") };
}
