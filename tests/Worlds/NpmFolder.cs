namespace Jietong.Worlds;

/// <summary>A folder of the tests whose package-lock.json says what npm puts there.</summary>
/// <param name="name">Below tests/.</param>
public sealed class NpmFolder(string name)
{
    public static NpmFolder Clients { get; } = new("Clients");
    public static NpmFolder Spec { get; } = new("Spec");

    private readonly Lazy<Task> installation = new(() => Install(Path.Combine(Checkout.Root, "tests", name)));

    public string Folder { get; } = Path.Combine(Checkout.Root, "tests", name);

    /// <summary>What a program there says, once everything is installed.</summary>
    public async Task<Ran> Run(string program, IEnumerable<string> arguments, string input = "", params (string, string?)[] environment)
    {
        await installation.Value;
        return await Ran.Program(program, arguments, Folder, input, environment);
    }

    /// <summary>What a script there prints of its input.</summary>
    public async Task<string> Says(string script, string input) => (await Run("node", [script], input)).Output;

    /// <summary>Where its packages are, once everything is installed.</summary>
    public async Task<string> Modules()
    {
        await installation.Value;
        return Path.Combine(Folder, "node_modules");
    }

    /// <summary>Asks the registry once for each state of the lock file; what is installed serves without a network.</summary>
    private static async Task Install(string folder)
    {
        var (wanted, installed) = (Path.Combine(folder, "package-lock.json"), Path.Combine(folder, "node_modules", ".installed-lock.json"));
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == await File.ReadAllTextAsync(wanted)) return;
        var npm = await Ran.Program("npm", ["ci"], folder);
        if (npm.ExitCode != 0) throw new InvalidOperationException($"What {folder} needs could not be installed; npm needs its registry for that once.\n{npm.Output}{npm.Error}");
        File.Copy(wanted, installed, overwrite: true);
    }
}
