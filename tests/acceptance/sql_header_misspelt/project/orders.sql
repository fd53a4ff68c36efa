CREATE OR REFRESH STREAMNG TABLE orders AS
SELECT * FROM STREAM read_files('/Volumes/main/shop/landing', format => 'json');
