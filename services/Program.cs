using System.CommandLine;
using Jietong.Services.Accessibility;
using Jietong.Services.Attest;
using Jietong.Services.Claims;
using Jietong.Services.Cli;
using Jietong.Services.Downloads;
using Jietong.Services.Gains;
using Jietong.Services.Gaps;
using Jietong.Services.Import;
using Jietong.Services.Keys;
using Jietong.Services.Links;
using Jietong.Services.Reach;
using Jietong.Services.Reports;
using Jietong.Services.Serve;
using Jietong.Services.Sources;

// Every question has a folder; this is their list.
var jietong = new RootCommand("Jietong 接通: the register of missing links along the Shanghai border. 省界断头路与未接通轨道登记。")
{
    LinksCommand.Define(),
    LinkCommand.Define(),
    ClaimsCommand.Define(),
    SourcesCommand.Define(),
    ExportCommand.Define(),
    GainsCommand.Define(),
    GapsCommand.Define(),
    ReportCommand.Define(),
    VerifyCommand.Define(),
    ReachCommand.Define(),
    AccessCommand.Define(),
    AttestCommand.Define(),
    ImportCommand.Define(),
    DatasetsCommand.Define(),
    KeysCommand.Define(),
    ServeCommand.Define(),
};
return await CommandLine.Run(jietong, args);
