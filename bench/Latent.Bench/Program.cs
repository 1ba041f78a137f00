// dotnet run -c Release --project bench/Latent.Bench -- [options]           the whole bench; --help lists the options
// dotnet run -c Release --project bench/Latent.Bench -- profile             time of each operation
// dotnet run -c Release --project bench/Latent.Bench -- parts [rounds]      each layer, loss and optimizer, fast and plain
// dotnet run -c Release --project bench/Latent.Bench -- saving [FOLDER]     what a run folder costs; FOLDER must not be in memory
using Latent;
using Latent.Bench;
using Latent.Bench.Reporting;
using Latent.Bench.Sections;
using Latent.Bench.Shared;
using Latent.Bench.Sides;
using Latent.Data;

try
{
    switch (args)
    {
        case [BenchOptions.SideMode]:
            using (var side = new OwnSide())
                SideLoop.Run(side);
            return 0;
        case ["profile"]:
            LimitSection.Profiles(Console.Out, 1000);
            return 0;
        case ["parts"]:
        case ["parts", _]:
            Parts.Run(args.Length > 1 ? BenchOptions.Whole("parts", args[1]) : 5);
            return 0;
        case ["saving"]:
        case ["saving", _]:
            Saving.Run(DataSets.Open("mnist"), args.Length > 1 ? args[1] : Directory.CreateTempSubdirectory("latent-bench-").FullName);
            return 0;
        case ["--help" or "-h"]:
            Console.WriteLine(BenchOptions.Usage(Section.All.Select(section => section.IsLong ? $"({section.Name})" : section.Name)));
            return 0;
        default:
            WholeBench.Run(BenchOptions.Parse(args, [.. Section.All.Select(section => section.Name)]));
            return 0;
    }
}
catch (LatentException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
