using System.CommandLine;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Keys;

/// <summary>Who may write over HTTP, and read where reading is keyed?</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Whose key it is, or what for 持有人或用途" };
    private static readonly Option<string> Role = new("--role") { Description = "reader 只读 or editor 可写", Required = true };
    private static readonly Option<DateOnly?> Expires = CommandLine.Day("--expires", "The last day on which it holds 有效至");
    private static readonly Argument<string> Id = new("id") { Description = "The key's id 钥匙编号, as ./run keys list shows it" };

    public static Command Define()
    {
        Role.AcceptOnlyFromAmong("reader", "editor");
        Expires.Required = true;
        var add = new Command("add", "Make a key; it is shown once 新建钥匙，只显示一次") { Name, Role, Expires };
        add.SetAction(Add);
        var list = new Command("list", "All keys, never the keys themselves 全部钥匙") { };
        list.SetAction(List);
        var revoke = new Command("revoke", "A key opens nothing from now on 吊销钥匙") { Id };
        revoke.SetAction(Revoke);
        return new("keys", "Keys for writing over HTTP, and for reading where that is keyed 接口钥匙") { add, list, revoke };
    }

    private static async Task<int> Add(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        var (id, key) = await ApiKeys.Add(db, asked.GetRequiredValue(Name), asked.GetRequiredValue(Role), asked.GetRequiredValue(Expires)!.Value, cancel);
        Console.WriteLine(key);
        await Console.Error.WriteLineAsync($"钥匙 {id}：{Words.Both(asked.GetRequiredValue(Role))}，有效至 {asked.GetValue(Expires):yyyy-MM-dd}。只显示这一次，登记册只存其散列，请即妥善保存；失落则吊销另建。\n" +
            $"Key {id}, good to the end of {asked.GetValue(Expires):yyyy-MM-dd}. It is shown only once: the register stores its hash alone. Send it as  Authorization: Bearer jt_…");
        return 0;
    }

    private static async Task<int> List(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        var (terminal, table) = (Output.Terminal(), Output.Table("编号 Id", "持有人 Name", "权限 Role", "新建 Made", "有效至 Expires", "现状 Now"));
        foreach (var key in await ApiKeys.List(db, cancel))
            table.AddRow(key.Id, Output.Text(key.Name), Words.Both(key.Role), Output.Text(Days.In(key.CreatedAt)), Output.Text(Days.In(key.ExpiresAt).AddDays(-1)),
                key.RevokedAt is { } revoked ? $"[grey]吊销 revoked {Output.Text(Days.In(revoked))}[/]" : key.ExpiresAt <= DateTime.UtcNow ? "[grey]过期 expired[/]" : "有效 good");
        terminal.Write(table);
        return 0;
    }

    private static async Task<int> Revoke(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        var key = await ApiKeys.Revoke(db, asked.GetRequiredValue(Id), cancel);
        Console.WriteLine($"已吊销 Revoked: {key.Id} {key.Name}");
        return 0;
    }
}
