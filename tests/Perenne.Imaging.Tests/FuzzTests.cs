namespace Perenne.Imaging.Tests;

public class FuzzTests
{
    private static readonly Dictionary<string, byte[]> Files = TestImages.All();

    public static TheoryData<string> Names => [.. Files.Keys];

    /// <summary>A mutated file is measured or refused with a sentence; any exception fails the test.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Damaged_files_are_measured_or_refused_and_never_throw(string name)
    {
        Random random = new(20261123);
        ImageLimits small = new() { MaxWidth = 512, MaxHeight = 512 };
        for (int round = 0; round < 150; round++)
        {
            byte[] file = Mutate([.. Files[name]], random);
            using ImageSource source = ImageSource.FromBytes(file);
            InspectionResult result = ImageInspector.Inspect(source, name, small);
            Assert.True(result.Inspection is null != result.Refusal is null);
        }
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        for (int n = 1 + random.Next(6); n > 0; n--)
        {
            // Half of the hits go into the headers, where the lengths are.
            int at = random.Next(random.Next(2) == 0 ? Math.Min(file.Length, 200) : file.Length);
            switch (random.Next(4))
            {
                case 0:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[at] = (byte)(random.Next(2) * 255);
                    break;
                case 2:
                    file = [.. file[..at], .. file[Math.Min(file.Length, at + random.Next(20))..]];
                    break;
                default:
                    file = [.. file[..at], .. file[(at / 2)..at], .. file[at..]];
                    break;
            }
            if (file.Length == 0)
                return file;
        }
        return file;
    }
}
