using System.Numerics;

namespace Perenne.Imaging;

/// <summary>Walks over the blocks of progressive scans (ITU T.81 annex G), keeping of each coefficient only whether it is zero, which refinements depend on.</summary>
internal sealed class JpegProgressive(JpegBits bits)
{
    private int endOfBandRun;

    public void Restart() => endOfBandRun = 0;

    /// <summary>Blocks that a scan's end leaves open: its run of empty blocks goes beyond the picture.</summary>
    public bool IsOpen => endOfBandRun > 0;

    public bool SkipBlock(JpegScan scan, JpegHuffman? dc, JpegHuffman? ac, ref ulong mask) => (scan.First, scan.High) switch
    {
        (0, 0) => First(dc),
        (0, _) => bits.Take(1) >= 0,
        (_, 0) => FirstBand(scan, ac, ref mask),
        _ => RefineBand(scan, ac, ref mask),
    } && !bits.IsOverrun;

    private bool First(JpegHuffman? dc)
    {
        int size = dc is null ? -1 : bits.Symbol(dc);
        if (size is < 0 or > 11)
            return false;
        bits.Take(size);
        return true;
    }

    private bool FirstBand(JpegScan scan, JpegHuffman? ac, ref ulong mask)
    {
        if (endOfBandRun > 0)
        {
            endOfBandRun--;
            return true;
        }

        for (int k = scan.First; k <= scan.Last; k++)
        {
            int symbol = ac is null ? -1 : bits.Symbol(ac), run = symbol >> 4, size = symbol & 15;
            if (symbol < 0)
                return false;
            if (size == 0 && run < 15)
            {
                endOfBandRun = (1 << run) + bits.Take(run) - 1;
                return true;
            }

            k += run;
            if (k > scan.Last)
                return false;
            if (size == 0)
                continue;
            bits.Take(size);
            mask |= 1UL << k;
        }

        return true;
    }

    private bool RefineBand(JpegScan scan, JpegHuffman? ac, ref ulong mask)
    {
        ulong added = 0;
        int k = scan.First;
        while (endOfBandRun == 0 && k <= scan.Last)
        {
            int symbol = ac is null ? -1 : bits.Symbol(ac), run = symbol >> 4, size = symbol & 15;
            if (symbol < 0 || size > 1)
                return false;
            if (size == 0 && run < 15)
            {
                endOfBandRun = (1 << run) + bits.Take(run);
                break;
            }

            if (size == 1)
                bits.Take(1); // The new coefficient's sign.
            for (; k <= scan.Last; k++)
            {
                if ((mask >> k & 1) != 0)
                    bits.Take(1); // A correction of a known coefficient.
                else if (--run < 0)
                    break;
            }

            if (size == 1 && k > scan.Last)
                return false;
            added |= (ulong)size << k;
            k++;
        }

        if (endOfBandRun > 0)
        {
            ulong band = k > 63 ? 0 : mask >> k << k & (scan.Last == 63 ? ulong.MaxValue : (1UL << scan.Last + 1) - 1);
            for (int corrections = BitOperations.PopCount(band); corrections > 0; corrections -= 16)
                bits.Take(Math.Min(16, corrections));
            endOfBandRun--;
        }

        mask |= added;
        return true;
    }
}
