using System.Diagnostics;

namespace Jietong.Worlds;

/// <summary>The program as its user runs it: a process of its own, with its own arguments, output and exit code.</summary>
public static class JietongProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "jietong.dll");

    public static Process Start(string? database, params string[] arguments) => Start(database, register: null, arguments);

    /// <summary>With another register than the shipped one, where <paramref name="register"/> names its folder; <paramref name="read"/> says whether reading is keyed.</summary>
    public static Process Start(string? database, string? register, string[] arguments, string? read = null) => Ran.Started("dotnet", [Program, .. arguments], null, Environment(database, register, read));

    public static Task<Ran> Run(string? database, params string[] arguments) => Run(database, register: null, arguments);

    public static Task<Ran> Run(string? database, string? register, string[] arguments) => Ran.Program("dotnet", [Program, .. arguments], environment: Environment(database, register, null));

    private static (string, string?)[] Environment(string? database, string? register, string? read) => [("JIETONG_DB", database), ("JIETONG_REGISTER", register), ("JIETONG_READ", read)];
}
