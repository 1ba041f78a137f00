namespace Latent.Cli.Help;

/// <summary>The first commands to try, on the root's help.</summary>
internal static class GettingStarted
{
    public static void Write(TextWriter writer) =>
        writer.WriteLine(
            """

            Getting started
              latent show mnist                          Look at the data: examples, sizes, labels
              latent train mnist                         Train in seconds; pictures and a report in runs/mnist-z10
              latent train mnist --latent 2              A code of two numbers, whose plane can be drawn
              latent train ./photos --size 64x64        Your own images, a folder of files
              latent studio                              Look inside, in the browser: map, sliders, drawing, training
              latent reconstruct runs/mnist-z10 mnist    Images through the code and back
              latent datasets                            Other data sets, by name
              latent COMMAND --help                      Options and examples of a command
            """
        );
}
