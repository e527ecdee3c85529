"""Prints how long the Java files are: median, 95th percentile, longest; and tests against main."""
import glob
import statistics


def lengths(tree):
    files = glob.glob(tree + '/**/*.java', recursive=True)
    return sorted((sum(1 for _ in open(name, encoding='utf-8')), name) for name in files)


main, test = lengths('src/main/java'), lengths('src/test/java')
for name, sizes in (('main', main), ('test', test)):
    counts = [count for count, _ in sizes]
    print('%s  %d files, median %d, 95th percentile %d, longest %d (%s)' % (
        name, len(counts), statistics.median(counts), counts[int(len(counts) * 0.95)], *(
            sizes[-1][0], sizes[-1][1].rsplit('/', 1)[-1])))
print('test lines per main line: %.2f' % (sum(c for c, _ in test) / sum(c for c, _ in main)))
