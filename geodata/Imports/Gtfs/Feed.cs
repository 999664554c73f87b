namespace Jietong.Geodata.Imports.Gtfs;

internal sealed record Agency(string Id, string Name, string Url, string Timezone, string? Lang);
internal sealed record Stop(string Id, string? Code, string? Name, short Type, string? Parent, short Wheelchair, string? Platform, double? Longitude, double? Latitude);
internal sealed record Route(string Id, string Agency, string? ShortName, string? LongName, short Type, string? Color, string? TextColor);
internal sealed record Trip(string Id, string Route, string Service, string? Headsign, string? ShortName, short? Direction, string? Block, string? Shape, short Wheelchair, short Bikes);

/// <param name="Service">Its id.</param>
/// <param name="Days">Bit 0 is Monday.</param>
/// <param name="First">From this day on.</param>
/// <param name="Last">Up to this day.</param>
internal sealed record Calendar(string Service, int Days, DateOnly First, DateOnly Last)
{
    public bool Has(DateOnly day) => day >= First && day <= Last && (Days >> ((int)day.DayOfWeek + 6) % 7 & 1) != 0;
}

internal sealed record CalendarDate(string Service, DateOnly Day, short Type)
{
    public const short Added = 1, Removed = 2;
}

internal sealed record Frequency(string Trip, int Start, int End, int Headway, bool Exact);
internal sealed record Transfer(string FromStop, string ToStop, string FromRoute, string ToRoute, string FromTrip, string ToTrip, short Type, int? Seconds);

/// <summary>A row of stop_times.txt. Millions of them are held at once.</summary>
internal struct Call
{
    public int Trip, Sequence, Stop, Arrival, Departure, Line;   // Arrival and Departure: Missing where the feed gives none
    public float Distance;
    public byte PickUp, DropOff;
    public bool Interpolated;

    public const int Missing = -1;
}

/// <summary>Rows by their key. A row that is there twice in the same words counts once; two that differ are a problem.</summary>
internal sealed class Keyed<TKey, TRow> where TKey : notnull where TRow : IEquatable<TRow>
{
    private readonly Dictionary<TKey, int> numbers = [];
    private readonly List<int> lines = [];

    public List<TRow> Rows { get; } = [];

    /// <summary>How many rows repeat another word by word.</summary>
    public int Repeated { get; private set; }

    public bool Has(TKey key) => numbers.ContainsKey(key);

    /// <summary>Its place among <see cref="Rows"/>; -1 where there is none.</summary>
    public int NumberOf(TKey key) => numbers.GetValueOrDefault(key, -1);

    public TRow? Find(TKey key) => numbers.TryGetValue(key, out var number) ? Rows[number] : default;

    public int LineOf(int number) => lines[number];

    public void Add(FeedTable table, string field, TKey key, TRow row)
    {
        if (!numbers.TryAdd(key, Rows.Count))
        {
            if (Rows[numbers[key]].Equals(row)) Repeated++;
            else table.Problem(field, key.ToString(), $"it is there already, in line {lines[numbers[key]]}, and says something else.", "Give each an id of its own, or take one out.");
            return;
        }
        Rows.Add(row);
        lines.Add(table.Line);
    }
}

/// <summary>A feed as it was read.</summary>
internal sealed class Feed
{
    public Keyed<string, Agency> Agencies { get; } = new();
    public Keyed<string, Stop> Stops { get; } = new();
    public Keyed<string, Route> Routes { get; } = new();
    public Keyed<string, Calendar> Calendars { get; } = new();
    public Keyed<(string Service, DateOnly Day), CalendarDate> CalendarDates { get; } = new();
    public Keyed<string, Trip> Trips { get; } = new();
    public Keyed<(string Trip, int Start), Frequency> Frequencies { get; } = new();
    public Keyed<(string, string, string, string, string, string), Transfer> Transfers { get; } = new();
    public Dictionary<string, (double Longitude, double Latitude)[]> Shapes { get; } = [];

    /// <summary>By trip, then in order; <see cref="FirstCalls"/> says where each trip's begin.</summary>
    public Call[] Calls { get; set; } = [];
    public int[] FirstCalls { get; set; } = [];

    /// <summary>Ids of services that calendar.txt or calendar_dates.txt names.</summary>
    public HashSet<string> Services { get; } = [];

    /// <summary>What the standard allows and who uses the data should know: how often.</summary>
    public Dictionary<string, long> Counted { get; } = [];

    public void Count(string what, long more = 1) => Counted[what] = Counted.GetValueOrDefault(what) + more;
    public long CountOf(string what) => Counted.GetValueOrDefault(what);
}
