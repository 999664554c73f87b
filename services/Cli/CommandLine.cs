using System.CommandLine;
using System.CommandLine.Parsing;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Geodata.Register;
using Npgsql;

namespace Jietong.Services.Cli;

/// <summary>What every command shares: the database, the two dates, and how errors end. Answers go to standard output, all else to standard error.</summary>
public static class CommandLine
{
    public const int Failed = 1, BadInput = 2;

    /// <summary>The region whose register ships; the others begin empty, each in a database of its own beside it.</summary>
    public const string BorderRegion = "border";

    private static readonly Option<string> RegionOption = new("--region") { Description = "A database of its own for another region, made by import or serve 区域 (default: border)", HelpName = "NAME", Recursive = true, DefaultValueFactory = _ => BorderRegion };

    /// <summary>The region that the command line names.</summary>
    public static string Region { get; private set; } = BorderRegion;

    /// <summary>Runs the command that <paramref name="args"/> name.</summary>
    /// <returns>0, <see cref="BadInput"/> when the user can mend it, <see cref="Failed"/> otherwise.</returns>
    public static async Task<int> Run(RootCommand root, string[] args)
    {
        root.Add(RegionOption);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Complain(BadInput, string.Join('\n', parsed.Errors.Select(e => e.Message)) + "\nSee --help.");
        try
        {
            Region = parsed.GetValue(RegionOption)!;
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (InputException e) { return Complain(BadInput, e.Message); }
        catch (UnusableDatabaseException e) { return Complain(Failed, e.Message); }
        catch (PostgresException e) { return Complain(Failed, $"the database says: {e.MessageText} ({e.SqlState})"); }
        catch (NpgsqlException e) { return Complain(Failed, $"the database cannot be reached: {e.InnerException?.Message ?? e.Message} Start it, or name it in JIETONG_DB."); }
        catch (OperationCanceledException) { return 130; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException) { return Complain(Failed, e.Message); }
        catch (Exception e) { return Complain(Failed, $"this is a fault of the program, please report it: {e.GetType().Name}: {e.Message}"); }
    }

    private static int Complain(int code, string message)
    {
        Console.Error.WriteLine($"jietong: {message}");
        return code;
    }

    /// <summary>
    /// The database that JIETONG_DB names, brought up to date and holding the register: the shipped one, or that in the folder which JIETONG_REGISTER names.
    /// Of another region the database beside it, which is made only by what brings something in, so that a slip in its name leaves none behind; it holds no register but one that JIETONG_REGISTER names, and the shipped assumptions.
    /// </summary>
    /// <param name="cancel">Ends it.</param>
    /// <param name="makesRegion">Whether the region is made where it is not there.</param>
    public static async Task<NpgsqlDataSource> OpenDatabase(CancellationToken cancel, bool makesRegion = false)
    {
        var address = Environment.GetEnvironmentVariable("JIETONG_DB")
            ?? throw new InputException("JIETONG_DB names no database. Call ./run, which starts one, or set JIETONG_DB=postgresql://user:password@host:port/database.");
        var isBorder = Region == BorderRegion;
        var db = Database.Connect(isBorder ? address : await Database.OfRegion(address, Region, BorderRegion, makesRegion, cancel));
        await Database.Prepare(db, cancel);
        var register = Environment.GetEnvironmentVariable("JIETONG_REGISTER") is { Length: > 0 } named ? named : isBorder ? Load.ShippedFolder : null;
        if (register is not null && await Load.Once(db, register, cancel) is { } rows)
            await Console.Error.WriteLineAsync($"Loaded {(register == Load.ShippedFolder ? "the shipped register" : $"the register in {register}")}: {rows} rows new or changed.");
        if (register is null) await Load.Assumptions(db, Load.ShippedFolder, cancel);
        return db;
    }

    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        CustomParser = result => ParseDay(result, name),
    };

    private static DateOnly? ParseDay(ArgumentResult result, string name)
    {
        try { return Days.Read(name, result.Tokens[0].Value); }
        catch (InputException e) { result.AddError(e.Message); }
        return null;
    }

    public static Option<DateOnly?> AsOf() => Day("--as-of", "The state on this day 基准日 (default: today in Shanghai)");
    public static Option<DateOnly?> KnownBy() => Day("--known-by", "Judged by what sources published up to this day say 所知截至 (default: today)");

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress 不显示进度" };

    public static Option<string> Format(params string[] formats)
    {
        var option = new Option<string>("--format") { Description = "Form of the answer 输出格式", DefaultValueFactory = _ => formats[0] };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }
}
