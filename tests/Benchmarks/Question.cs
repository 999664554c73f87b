using System.Text.Json;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>One question, as a client of ours asks it and as it is asked by hand: in SQL with its values as parameters (an endpoint is asked about other values the next time), and what writes a row of the answer.</summary>
/// <param name="Name">What is asked, in a few words.</param>
/// <param name="Path">The address without its options.</param>
/// <param name="Options">As they are read.</param>
/// <param name="Sql">The best that we know.</param>
/// <param name="Values">Of its parameters.</param>
/// <param name="WriteRow">What the peer writes of a row.</param>
internal sealed record Question(string Name, string Path, string Options, string Sql, object[] Values, Action<Utf8JsonWriter, NpgsqlDataReader> WriteRow)
{
    /// <summary>The member of the answer in which the rows are.</summary>
    public string Rows { get; init; } = "value";

    /// <summary>Where the answer also says how many rows there are in all: how that is asked, with the same values.</summary>
    public string? CountSql { get; init; }

    /// <summary>The address that asks for it.</summary>
    public string Address => $"{Path}?{string.Join('&', Options.Split('&').Select(o => o.Split('=', 2)).Select(o => $"{o[0]}={Uri.EscapeDataString(o[1])}"))}";

    /// <summary>Where the peer answers it.</summary>
    public string PeerAddress => "/" + string.Concat(Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
