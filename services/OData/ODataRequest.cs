using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace Jietong.Services.OData;

/// <summary>What an OData address asks: the rows that its path leads to, asked as its options say, and what of them is wanted.</summary>
internal sealed record ODataRequest(Query Query, ODataPath Path, ODataOptions Options)
{
    /// <summary>Whether one entity is wanted, only a number, or only where the entities are.</summary>
    public bool Single => Path.Single;
    public bool OnlyCount => Path.OnlyCount;
    public bool Refs => Path.Refs;
    public bool WithCount => Options.WithCount;
    public string? SkipToken => Options["$skiptoken"];

    private static readonly string[] OwnOptions = ["asOf", "knownBy"];
    private static readonly Remembered<ODataRequest> Known = new(Limits.MostRemembered, Limits.MostRememberedLength);

    /// <summary>What the address asks; those asked before are remembered.</summary>
    /// <exception cref="InputException">The address is not valid, or names what is not there.</exception>
    /// <exception cref="UnsupportedException">It is valid but asks for what this service has not.</exception>
    public static ODataRequest Of(string path, HttpRequest asked) => Known.Of(path, asked.QueryString.Value ?? "", () => Parse(path, asked.Query));

    internal static ODataRequest Parse(string path, IQueryCollection named)
    {
        if (named.FirstOrDefault(o => o.Value.Count > 1) is { Key: { } twice }) throw new InputException($"The query option \"{twice}\" is given twice.");
        var options = new ODataOptions(named.Where(o => !OwnOptions.Contains(o.Key)).Select(o => KeyValuePair.Create(o.Key, o.Value.ToString())));
        if (path == "$entity") path = options["$id"] is { } id ? id[(id.IndexOf("/odata/", StringComparison.Ordinal) is >= 0 and var at ? at + 7 : 0)..] : throw new InputException("$entity needs $id: write $entity?$id=Links('s1-m11').");
        else if (options["$id"] is not null) throw Lower.Unsupported("$id here");
        var asked = ODataPath.Read(path, named);
        if (options["$levels"] is not null) throw Lower.Unsupported("$levels outside $expand");
        if ((asked.Property is not null || asked.OnlyCount || asked.Refs) && options["$select"] is not null) throw new InputException("$select does not apply to this address.");
        var rows = asked.Rows(named.Day("asOf"), named.Day("knownBy"));
        var query = options.Of(rows);
        if (asked.Single && (options["$apply"] ?? options["$orderby"] ?? options["$top"] ?? options["$skip"] ?? options["$count"] ?? options["$search"]) is not null) throw new InputException("$apply, $orderby, $top, $skip, $count and $search apply to lists, and this address is of one entity.");
        if (asked.Property is { } property) query = query with { Select = [property], Expand = [] };
        if (asked.Refs) query = query with { Select = [query.Layer.Key], Expand = [] };
        return new(query, asked, options);
    }

    /// <exception cref="InputException">A date is given that decides nothing in the answer.</exception>
    public void CheckDates(IQueryCollection named, RowReader rows)
    {
        foreach (var (name, decides) in new[] { ("asOf", rows.DependsOnAsOf), ("knownBy", rows.DependsOnKnownBy) })
            if (!decides && named.ContainsKey(name)) throw new InputException($"{Path.Layer.Name} does not depend on {name} here; leave it out.");
    }
}
