using System.Text.Json;
using Latent.Bench.Browser;

// What the section "studio" of the bench asks for: program, run, exported page, rounds. One JSON object on standard output.
if (args is not [var program, var run, var page, var rounds])
{
    Console.Error.WriteLine("usage: Latent.Bench.Browser LATENT RUN EXPLORER.HTML ROUNDS");
    return 2;
}
await using var measure = await Measurements.StartAsync();
var studio = await measure.StudioAsync(program, run, int.Parse(rounds));
var file = await measure.FileAsync(page);
Console.WriteLine(JsonSerializer.Serialize(new { studio, file }, JsonSerializerOptions.Web));
return 0;
