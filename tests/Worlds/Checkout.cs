namespace Jietong.Worlds;

/// <summary>Where the project's own files are, for tests of what they say.</summary>
public static class Checkout
{
    public static readonly string Root = Find();

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Jietong.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
