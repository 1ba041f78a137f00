using System.Globalization;
using Latent.Cli;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

using var signals = new Signals();
return LatentProgram.Run(args, Terminal.OfTheProcess(signals));
